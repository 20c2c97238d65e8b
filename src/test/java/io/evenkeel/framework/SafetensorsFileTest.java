package io.evenkeel.framework;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.assertj.core.api.Assertions.withPrecision;

import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.fault.Fault;
import io.evenkeel.http.ServiceUnderTest;
import io.evenkeel.normalizer.NormalizationException.InvalidInput;
import io.evenkeel.normalizer.Normalizer;
import io.evenkeel.normalizer.definition.Preset;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;

/// Safetensors byte by byte, and what is no safetensors file. The layout is that of the format's
/// own description: <https://huggingface.co/docs/safetensors>.
@ServiceUnderTest
class SafetensorsFileTest {
  private static final String PLACES =
      "\"num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},"
          + "\"bias\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[8,24]},"
          + "\"running_mean\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[24,40]},"
          + "\"running_var\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[40,56]},"
          + "\"weight\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[56,72]}";
  private static final String HEADER =
      "{\"__metadata__\":{\"format\":\"pt\",\"eps\":\"1.0E-5\",\"momentum\":\"0.1\"},"
          + PLACES
          + "}";

  @Autowired private JsonMapper json;

  /// Numbers of a layer of two features: 7 batches, β 0 0.5, mean 1 −2, variance 4 9, γ 1 3.
  private static byte[] data() {
    ByteBuffer data = ByteBuffer.allocate(72).order(ByteOrder.LITTLE_ENDIAN).putLong(7);
    for (double value : new double[] {0, 0.5, 1, -2, 4, 9, 1, 3}) {
      data.putDouble(value);
    }
    return data.array();
  }

  private static byte[] file(String header, byte[] data) {
    byte[] text = header.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(8 + text.length + data.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(text.length)
        .put(text)
        .put(data)
        .array();
  }

  private ImportedLayer read(byte[] file) {
    return ImportFormat.SAFETENSORS.read(file, json);
  }

  private List<String> faults(byte[] file) {
    try {
      read(file);
      return List.of();
    } catch (InvalidInput e) {
      return e.faults().first().stream().map(f -> f.pointer() + " " + f.code()).toList();
    }
  }

  @Test
  void aFileIsReadByteByByte() {
    ImportedLayer layer = read(file(HEADER, data()));
    assertThat(layer.definition().preset()).isEqualTo(Preset.PYTORCH);
    assertThat(layer.definition().features().size()).isEqualTo(2);
    assertThat(layer.definition().affine().gamma()).containsExactly(1, 3);
    assertThat(layer.definition().affine().beta()).containsExactly(0, 0.5);
    assertThat(layer.statistics().mean()).containsExactly(1, -2);
    assertThat(layer.statistics().variance()).containsExactly(4, 9);
    assertThat(layer.statistics().greatestBatches()).isEqualTo(7);
    Normalizer normalizer = Trained.imported(layer);
    // (5 − 1)/sqrt(4 + 1e-5) and 3 (7 + 2)/sqrt(9 + 1e-5) + 0.5
    assertThat(Trained.inferred(normalizer, new double[] {5, 7}))
        .containsExactly(4 / Math.sqrt(4 + 1e-5), 3 * (9 / Math.sqrt(9 + 1e-5)) + 0.5);
  }

  /// The order of the tensors is the one in which the safetensors library writes them: by the size
  /// of their numbers, then by name; the header is filled up with blanks to a multiple of 8 bytes.
  @Test
  void aFileIsWrittenByteByByte() {
    Normalizer normalizer = Trained.imported(read(file(HEADER, data())));
    String padded = HEADER + " ".repeat(Math.floorMod(-HEADER.length(), 8));
    assertThat(ExportFormat.SAFETENSORS.write(Layer.of(normalizer), Precision.FLOAT64, json))
        .isEqualTo(file(padded, data()));
  }

  @Test
  void float32IsToldByTheFile() {
    String header =
        HEADER
            .replace("F64", "F32")
            .replace("[8,24]", "[8,16]")
            .replace("[24,40]", "[16,24]")
            .replace("[40,56]", "[24,32]")
            .replace("[56,72]", "[32,40]");
    ByteBuffer data = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN).putLong(7);
    for (float value : new float[] {0, 0.1f, 1, -2, 4, 9, 1, 3}) {
      data.putFloat(value);
    }
    ImportedLayer layer = read(file(header, data.array()));
    assertThat(layer.definition().affine().beta()).containsExactly(0, 0.1f);
    assertThat(layer.statistics().variance()).containsExactly(4, 9);
  }

  @Test
  void aFileOfTheFrameworkAloneHasTheFrameworksDefaults() {
    ImportedLayer layer = read(file("{" + PLACES + "}", data()));
    assertThat(layer.definition().rules().epsilon()).isEqualTo(1e-5);
    assertThat(layer.definition().averaging()).isEqualTo(Preset.PYTORCH.averaging());
    String unscaled =
        "{\"running_mean\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[8,24]},"
            + "\"num_batches_tracked\":{\"shape\":[],\"data_offsets\":[0,8],\"dtype\":\"I64\"},"
            + "\"running_var\":{\"dtype\":\"F64\",\"shape\":[2],\"data_offsets\":[24,40]}}  ";
    byte[] data = new byte[40];
    System.arraycopy(data(), 24, data, 8, 32);
    assertThat(read(file(unscaled, data)).definition().affine().isIdentity()).isTrue();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "[0,8]|[0,16]|does not begin where the one before it ends",
        "[8,24]|[0,16]|does not begin where the one before it ends",
        "[8,24]|[24,8]|first and last place in the",
        "[56,72]|[56,73]|first and last place in the",
        "[56,72]|[56,9223372036854775807]|first and last place in the",
        "[56,72]|[56,9223372036854775808]|The header cannot be read",
        "[56,72]|[-8,72]|must not be negative: -8",
        "[56,72]|[56]|first and last place",
        "[56,72]|[56,64,72]|first and last place",
        "[56,72]|[56,7.2e1]|at most 8 whole numbers",
        "[56,72]|[56,\"72\"]|at most 8 whole numbers",
        "[56,72]|72|must be an array",
        "[56,72]|[56,64]|8 bytes follow the last tensor; the file must end with it",
        "\"dtype\":\"I64\",|``|lacks its dtype, shape or data_offsets",
        "\"dtype\":\"I64\"|\"dtype\":64|must be a string",
        "\"dtype\":\"I64\"|\"type\":\"I64\"|has no member 'type'",
        "\"dtype\":\"I64\"|\"shape\":[]|twice",
        "\"weight\"|\"bias\"|twice",
        "\"weight\":{|\"weight\":[{|is not an object",
        "\"format\":\"pt\"|\"format\":1|is not a string",
        "{\"format\"|[\"format\"|is not an object",
        "[56,72]}}|[56,72]}} {}|Something follows",
        "[56,72]}}|[56,72]}|too early",
        "{\"__metadata__\"|[\"__metadata__\"|is not an object",
        "[2],\"data_offsets\":[56,72]|[1,1,1,1,1,1,1,1,2],\"data_offsets\":[56,72]|at most 8"
            + " whole numbers"
      })
  void aHeaderThatCannotBeIsUnreadable(String part, String instead, String sentence) {
    assertThat(HEADER).contains(part);
    byte[] file = file(HEADER.replace(part, instead), data());
    assertThatThrownBy(() -> read(file))
        .isInstanceOfSatisfying(
            UnreadableBody.class,
            e -> assertThat(e.detail()).contains(sentence).endsWith(".").doesNotContain("jackson"));
  }

  @ParameterizedTest
  @ValueSource(longs = {73, 1L << 31, 1L << 40, Long.MAX_VALUE, -1, Long.MIN_VALUE})
  void aHeaderLongerThanTheFileIsUnreadable(long length) {
    byte[] file = ByteBuffer.allocate(80).order(ByteOrder.LITTLE_ENDIAN).putLong(length).array();
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(UnreadableBody.class)
        .hasMessageContaining("bytes; 72 bytes follow it");
    assertThatThrownBy(() -> read(new byte[7])).isInstanceOf(UnreadableBody.class);
    assertThatThrownBy(() -> read(new byte[0])).isInstanceOf(UnreadableBody.class);
  }

  /// 99,000 tensors in a header of 6 MB are not kept.
  @Test
  void aHeaderOfVeryManyTensorsIsLetGoEarly() {
    StringBuilder header = new StringBuilder("{");
    for (int i = 0; i < 99_000; i++) {
      header.append("\"t").append(i);
      header.append("\":{\"dtype\":\"F64\",\"shape\":[0],\"data_offsets\":[0,0]},");
    }
    byte[] file = file(header + PLACES + "}", data());
    assertThatThrownBy(() -> read(file))
        .isInstanceOf(UnreadableBody.class)
        .hasMessageContaining("more than 5000 tensors");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"weight\"|\"gamma\"|#/gamma null",
        "\"running_mean\"|\"mean\"|#/mean null;#/running_mean not-null",
        "\"running_var\"|\"a/b\"|#/a~1b null;#/running_var not-null",
        "\"num_batches_tracked\"|\"n\"|#/n null",
        "I64|U64|#/num_batches_tracked unknown-value",
        "\"shape\":[],|\"shape\":[1],|#/num_batches_tracked unknown-value",
        "\"bias\":{\"dtype\":\"F64\"|\"bias\":{\"dtype\":\"I32\"|#/bias unknown-value",
        "\"bias\":{\"dtype\":\"F64\"|\"bias\":{\"dtype\":\"F32\"|#/bias size",
        "\"shape\":[2],\"data_offsets\":[8,24]|\"shape\":[1,2],\"data_offsets\":[8,24]|#/bias size",
        "\"shape\":[2],\"data_offsets\":[8,24]|\"shape\":[9223372036854775807],\"data_offsets\":[8,24]|#/bias"
            + " size",
        "1.0E-5|-1|#/eps negative",
        "1.0E-5|1e999|#/eps not-finite",
        "1.0E-5|NaN|#/__metadata__/eps not-a-number",
        "1.0E-5|null|#/__metadata__/eps not-a-number",
        "\"momentum\":\"0.1\"|\"momentum\":\"0\"|#/momentum positive",
        "\"momentum\":\"0.1\"|\"momentum\":\"1.5\"|#/momentum decimal-max",
        "\"momentum\":\"0.1\"|\"momentum\":\"None\"|#/__metadata__/momentum not-a-number",
        "\"format\"|\"evenkeel.mean_low\":\"[1,2]\",\"format\"|#/__metadata__/evenkeel.mean_low/0"
            + " out-of-range;#/__metadata__/evenkeel.mean_low/1 out-of-range",
        "\"format\"|\"evenkeel.mean_low\":\"[0]\",\"format\"|#/__metadata__/evenkeel.mean_low size",
        "\"format\"|\"evenkeel.mean_low\":\"{}\",\"format\"|#/__metadata__/evenkeel.mean_low"
            + " not-a-number",
        "\"format\"|\"evenkeel.features\":\"[\\\"a\\\",\\\"a\\\"]\",\"format\"|#/__metadata__/evenkeel.features/1"
            + " duplicate-feature",
        "\"format\"|\"evenkeel.features\":\"[\\\"\\\",null]\",\"format\"|#/__metadata__/evenkeel.features/0"
            + " size;#/__metadata__/evenkeel.features/1 not-null",
        "\"format\"|\"evenkeel.features\":\"[\\\"a\\\",\\\"\\\\u0007\\\"]\",\"format\"|#/__metadata__/evenkeel.features/1"
            + " pattern"
      })
  void whatIsNoLayerIsToldWithAllItsFaults(String part, String instead, String faults) {
    assertThat(HEADER).contains(part);
    assertThat(faults(file(HEADER.replace(part, instead), data())))
        .containsExactly(faults.split(";"));
  }

  @Test
  void numbersThatAreNoneAreToldEach() {
    ByteBuffer data = ByteBuffer.wrap(data()).order(ByteOrder.LITTLE_ENDIAN);
    data.putLong(0, -1);
    data.putDouble(8, Double.NaN);
    data.putDouble(32, Double.NEGATIVE_INFINITY);
    data.putDouble(40, -4);
    data.putDouble(64, Double.POSITIVE_INFINITY);
    assertThat(faults(file(HEADER, data.array())))
        .containsExactly(
            "#/weight/1 " + Fault.NOT_FINITE,
            "#/bias/0 " + Fault.NOT_FINITE,
            "#/running_mean/1 " + Fault.NOT_FINITE,
            "#/running_var/0 " + Fault.NEGATIVE,
            "#/num_batches_tracked " + Fault.NEGATIVE);
  }

  /// With eps 0 PyTorch would divide by 0.
  @Test
  void aVarianceOfZeroNeedsAnEpsilon() {
    byte[] data = data();
    ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN).putDouble(40, 0);
    assertThat(faults(file(HEADER, data))).isEmpty();
    assertThat(faults(file(HEADER.replace("1.0E-5", "0"), data)))
        .containsExactly("#/running_var/0 positive");
  }

  /// Whatever is changed in a file, what comes of it is a layer or one of the two refusals.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void aFileWithSomeBytesChangedIsALayerOrRefused(long seed) {
    Random random = new Random(seed);
    byte[] whole =
        file(HEADER.replace("\"format\"", "\"evenkeel.mean_low\":\"[0,0]\",\"format\""), data());
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] file = mutated(whole, random);
      try {
        Trained.imported(read(file));
      } catch (UnreadableBody | InvalidInput e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(2_000, 5_000);
  }

  private static byte[] mutated(byte[] whole, Random random) {
    byte[] file = whole.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(file.length);
      switch (random.nextInt(5)) {
        case 0 -> file[at] = (byte) random.nextInt();
        case 1 -> file[at] ^= (byte) (1 << random.nextInt(8));
        case 2 -> file = Arrays.copyOf(file, Math.max(1, at));
        case 3 -> file = Arrays.copyOf(file, file.length + random.nextInt(16));
        default -> {
          // a piece of the file in another place: digits, brackets and names as they occur in it
          int from = random.nextInt(file.length);
          int length = Math.min(random.nextInt(12), file.length - Math.max(from, at));
          System.arraycopy(file.clone(), from, file, at, length);
        }
      }
    }
    return file;
  }

  private static byte[] resource(String name) {
    try (InputStream in = SafetensorsFileTest.class.getResourceAsStream("/safetensors/" + name)) {
      return Objects.requireNonNull(in, name).readAllBytes();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /// Files of numpy, see `files.py`. float16(0.1) is 0.0999755859375 and bfloat16(0.1)
  /// 0.10009765625.
  @ParameterizedTest
  @CsvSource({
    "f16, 0.0999755859375, 0.300048828125",
    "bf16, 0.10009765625, 0.30078125",
  })
  void numbersOfTwoBytesAreReadExactlyAndBatchesMayBeUnknown(
      String type, double tenth, double threeTenths) {
    ImportedLayer layer = read(resource(type + ".safetensors"));
    assertThat(layer.definition().affine().gamma()).containsExactly(1, 1.5);
    assertThat(layer.definition().affine().beta()).containsExactly(0, -tenth);
    assertThat(layer.statistics().mean()).containsExactly(tenth, -3);
    assertThat(layer.statistics().variance()).containsExactly(4, threeTenths);
    assertThat(layer.statistics().greatestBatches()).isEqualTo(1);
    assertThat(Trained.inferred(Trained.imported(layer), new double[] {2, 1}))
        .containsExactly(
            new double[] {
              (2 - tenth) / Math.sqrt(4 + 1e-5),
              Math.fma(1.5, 4 / Math.sqrt(threeTenths + 1e-5), -tenth)
            },
            withPrecision(1e-15));
  }

  /// All batches count alike there: how much the next one moves depends on their number.
  @Test
  void anAverageOverAllBatchesNeedsTheirNumber() {
    String header = HEADER.replace("\"momentum\":\"0.1\"", "\"momentum\":\"null\"");
    assertThat(faults(file(header, data()))).isEmpty();
    String unknown =
        header.replace(
            "\"num_batches_tracked\":{\"dtype\":\"I64\",\"shape\":[],\"data_offsets\":[0,8]},", "");
    for (int at = 8; at <= 72; at += 16) {
      unknown = unknown.replace("[" + at + ",", "[" + (at - 8) + ",");
      unknown = unknown.replace("," + at + "]", "," + (at - 8) + "]");
    }
    byte[] numbers = Arrays.copyOfRange(data(), 8, 72);
    assertThat(faults(file(unknown, numbers))).containsExactly("#/num_batches_tracked not-null");
    assertThat(faults(file(unknown.replace("\"null\"", "\"0.2\""), numbers))).isEmpty();
  }

  @Test
  void aLayerOfAModelIsChosenByThePrefixOfItsNames() {
    byte[] model = resource("model.safetensors");
    ImportedLayer first = ImportFormat.SAFETENSORS.read(model, Optional.of("bn1."), json);
    assertThat(first.statistics().mean()).containsExactly(0.1f, -3);
    assertThat(first.statistics().variance()).containsExactly(4, 0.3f);
    assertThat(first.statistics().greatestBatches()).isEqualTo(1);
    ImportedLayer second = ImportFormat.SAFETENSORS.read(model, Optional.of("layer1.0.bn2."), json);
    assertThat(second.statistics().mean()).containsExactly(1, -3);
    assertThat(second.statistics().greatestBatches()).isEqualTo(77);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      nullValues = "none",
      value = {
        "none|There are 2 layers with running statistics; choose one by '?prefix=bn1.',"
            + " '?prefix=layer1.0.bn2.'.",
        "bn1|No layer has the prefix 'bn1'; choose one by '?prefix=bn1.', '?prefix=layer1.0.bn2.'.",
        "fc.|No layer has the prefix 'fc.'; choose one by '?prefix=bn1.', '?prefix=layer1.0.bn2.'."
      })
  void whoDoesNotChooseIsToldWhatThereIs(@Nullable String prefix, String sentence) {
    byte[] model = resource("model.safetensors");
    assertThatThrownBy(
            () -> ImportFormat.SAFETENSORS.read(model, Optional.ofNullable(prefix), json))
        .isInstanceOfSatisfying(
            InvalidInput.class,
            e ->
                assertThat(e.faults().first())
                    .extracting(Fault::pointer, Fault::code, Fault::detail)
                    .containsExactly(tuple("#", "unknown-value", sentence)));
  }

  /// The tensors of other layers are of no concern, those of the same prefix are.
  @Test
  void theOnlyLayerOfAFileNeedNotBeChosen() {
    String header =
        HEADER.replaceAll("\"(num_batches_tracked|bias|running_mean|running_var)\"", "\"b/n.$1\"");
    ImportedLayer layer = read(file(header, data()));
    assertThat(layer.statistics().mean()).containsExactly(1, -2);
    assertThat(layer.definition().affine().gamma()).containsExactly(1, 1);
    assertThat(faults(file(header.replace("\"weight\"", "\"b/n.gamma\""), data())))
        .containsExactly("#/b~1n.gamma null");
    assertThat(faults(file(header.replace("I64", "U64"), data())))
        .containsExactly("#/b~1n.num_batches_tracked unknown-value");
  }
}
