package io.evenkeel.drift;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.DataFormatException;

/// A [Part] as bytes, little-endian:
///
/// | what                                                           | bytes                     |
/// |----------------------------------------------------------------|---------------------------|
/// | version of the layout, 2                                       | 1                         |
/// | D                                                              | 4                         |
/// | sum of the measures that are counted: mean 1, variance 2, missing 4, out of range 8, clipped 16, zero 32, absolute deviation 64 | 1 |
/// | rows, batches, grouped rows, rows of the reference             | 4 × 8                     |
/// | groups                                                         | 4                         |
/// | q of all groups, weight and squares of the live bins (doubles) | 3 × 8                     |
/// | of each feature: groups (4), q (float)                         | D × 8                     |
/// | of each measure and feature: level, scatter (floats)           | D × 8 a measure           |
/// | of each rate and feature: hits in the rows of the reference    | D × 4 a rate              |
/// | of each feature: sum of the absolute deviations in the rows of the reference (float) | D × 4    |
/// | reference and live bins of each feature: their sum (float), and 16 shares of it in 1/65,535 | D × 72 |
/// | CRC32C of everything before                                    | 4                         |
///
/// Hence 132 bytes a feature, 156 with ranges that clip and a clip. A float keeps 7 digits; a bin
/// is off by at most 1/131,070 of the sum.
///
/// Reading checks everything: bytes that break a rule are a [DataFormatException].
final class PartBytes {
  private static final byte VERSION = 2;
  private static final int HEAD = 6 + 4 * Long.BYTES + Integer.BYTES + 3 * Double.BYTES;
  private static final int SHARES = 65_535;
  private static final int OF_BINS = Float.BYTES + Histogram.BINS * Short.BYTES;

  private PartBytes() {}

  private static List<Measure> counted(Reference reference) {
    return Stream.of(Measure.values()).filter(reference::counts).toList();
  }

  private static int codes(List<Measure> measures) {
    return measures.stream().mapToInt(PartBytes::code).sum();
  }

  private static int code(Measure measure) {
    return switch (measure) {
      case MEAN -> 1;
      case VARIANCE -> 2;
      case MISSING -> 4;
      case OUT_OF_RANGE -> 8;
      case CLIPPED -> 16;
      case ZERO -> 32;
      case ABSOLUTE_DEVIATION -> 64;
    };
  }

  /// The length of the bytes of any part of a comparison with this reference.
  static long length(Reference reference) {
    List<Measure> measures = counted(reference);
    long rates = measures.stream().filter(Measure::isRate).count();
    long ofFeature = 8 + 8L * measures.size() + 4 * rates + Float.BYTES + 2 * OF_BINS;
    return HEAD + reference.features() * ofFeature + Integer.BYTES;
  }

  static byte[] encode(Part part, Reference reference) {
    List<Measure> measures = counted(reference);
    int features = reference.features();
    Levels levels = part.levels();
    ByteBuffer out =
        ByteBuffer.allocate(Math.toIntExact(length(reference))).order(ByteOrder.LITTLE_ENDIAN);
    out.put(VERSION).putInt(features).put((byte) codes(measures));
    out.putLong(part.rows()).putLong(part.batches());
    out.putLong(levels.groupedRows()).putLong(part.expected().rows());
    out.putInt(levels.groups())
        .putDouble(levels.groups() == 0 ? 1 : levels.weights(Measure.MISSING, 0));
    out.putDouble(part.histogram().weight()).putDouble(part.histogram().squares());
    for (int j = 0; j < features; j++) {
      out.putInt(levels.groups(Measure.MEAN, j));
      out.putFloat((float) levels.weights(Measure.MEAN, j));
    }
    for (Measure measure : measures) {
      GroupSeries series = levels.of(measure);
      for (int j = 0; j < features; j++) {
        out.putFloat((float) series.level(j)).putFloat((float) series.scatter(j));
      }
    }
    for (Measure rate : measures) {
      for (long count : part.expected().counts(rate)) {
        out.putInt((int) count);
      }
    }
    for (double sum : part.expected().deviations()) {
      out.putFloat((float) sum);
    }
    putBins(out, part.histogram().reference());
    putBins(out, part.histogram().live());
    return out.putInt(checksum(out.array(), out.position())).array();
  }

  private static void putBins(ByteBuffer out, float[] counts) {
    for (int at = 0; at < counts.length; at += Histogram.BINS) {
      double sum = Distances.sum(counts, at, Histogram.BINS);
      out.putFloat((float) sum);
      for (int i = at; i < at + Histogram.BINS; i++) {
        out.putShort((short) (sum > 0 ? Math.round(SHARES * counts[i] / sum) : 0));
      }
    }
  }

  /// @throws DataFormatException if the bytes are not those of a comparison with this reference
  static Part decode(byte[] bytes, Reference reference) throws DataFormatException {
    require(bytes.length == length(reference), "there are " + bytes.length + " bytes");
    ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int end = bytes.length - Integer.BYTES;
    require(in.getInt(end) == checksum(bytes, end), "the checksum is wrong");
    int version = in.get();
    require(version == VERSION, "the layout has version " + version);
    int features = in.getInt();
    require(features == reference.features(), "there are " + features + " features");
    List<Measure> measures = counted(reference);
    require(in.get() == codes(measures), "other measures are counted");
    long rows = count(in.getLong());
    long batches = count(in.getLong());
    long grouped = count(in.getLong());
    long referenceRows = count(in.getLong());
    int groups = (int) count(in.getInt());
    require(grouped <= rows && referenceRows <= rows, "there are too few rows");
    require(groups <= grouped, "groups have no rows");
    double q = weight(in.getDouble());
    double weight = amount(in.getDouble());
    double squares = amount(in.getDouble());
    int[] ofFeature = new int[features];
    double[] weights = new double[features];
    for (int j = 0; j < features; j++) {
      ofFeature[j] = (int) count(in.getInt());
      require(ofFeature[j] <= groups, "a feature has too many groups");
      weights[j] = ofFeature[j] == 0 ? amount(in.getFloat()) : weight(in.getFloat());
    }
    Map<Measure, GroupSeries> series = new EnumMap<>(Measure.class);
    for (Measure measure : measures) {
      series.put(measure, series(in, features));
    }
    Levels levels =
        new Levels(reference, measure -> series.getOrDefault(measure, new GroupSeries(0)));
    levels.restoreAll(groups, grouped, q);
    for (int j = 0; j < features; j++) {
      levels.restore(j, ofFeature[j], weights[j]);
    }
    FeatureCounts expected = counts(in, reference, referenceRows);
    float[] first = bins(in, features);
    float[] live = bins(in, features);
    return new Part(rows, batches, levels, expected, new Histogram(first, live, weight, squares));
  }

  private static GroupSeries series(ByteBuffer in, int features) throws DataFormatException {
    double[] level = new double[features];
    double[] scatter = new double[features];
    for (int j = 0; j < features; j++) {
      level[j] = in.getFloat();
      require(Double.isFinite(level[j]), "a level is not finite");
      scatter[j] = amount(in.getFloat());
    }
    return new GroupSeries(level, scatter);
  }

  private static FeatureCounts counts(ByteBuffer in, Reference reference, long rows)
      throws DataFormatException {
    FeatureCounts read = new FeatureCounts(reference);
    read.restore(rows);
    for (Measure rate : counted(reference)) {
      long[] counts = read.counts(rate);
      for (int j = 0; j < counts.length; j++) {
        counts[j] = Integer.toUnsignedLong(in.getInt());
        require(counts[j] <= rows, "there are more counted than rows");
      }
    }
    double most = StandardizedSums.MOST_DEVIATION * rows;
    for (int j = 0; j < read.deviations().length; j++) {
      read.deviations()[j] = amount(in.getFloat());
      require(read.deviations()[j] <= (float) most, "deviations are too large");
    }
    return read;
  }

  private static float[] bins(ByteBuffer in, int features) throws DataFormatException {
    float[] counts = new float[features * Histogram.BINS];
    for (int at = 0; at < counts.length; at += Histogram.BINS) {
      double sum = amount(in.getFloat());
      for (int i = at; i < at + Histogram.BINS; i++) {
        counts[i] = (float) (sum * Short.toUnsignedInt(in.getShort()) / SHARES);
      }
    }
    return counts;
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }

  private static long count(long value) throws DataFormatException {
    require(value >= 0, "a count is negative");
    return value;
  }

  private static double amount(double value) throws DataFormatException {
    require(value >= 0 && Double.isFinite(value), "an amount is " + value);
    return value;
  }

  private static double weight(double value) throws DataFormatException {
    require(value > 0 && value <= 1, "a weight is " + value);
    return value;
  }

  private static void require(boolean holds, String otherwise) throws DataFormatException {
    if (!holds) {
      throw new DataFormatException(otherwise);
    }
  }
}
