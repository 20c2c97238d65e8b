package io.evenkeel.surface.openinference.tensor;

import io.evenkeel.fault.Excerpt;
import io.evenkeel.fault.Fault;
import io.evenkeel.fault.Faults;
import io.evenkeel.fault.NearestName;
import io.evenkeel.fault.Pointers;
import io.evenkeel.normalizer.definition.Absent;
import io.evenkeel.normalizer.definition.Extra;
import io.evenkeel.normalizer.definition.Features;
import io.evenkeel.normalizer.definition.NormalizerDefinition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// A tensor `[N]` or `[N, 1]` for each feature, by the feature's name. The definition says what
/// becomes of features without a tensor, and of tensors that are no feature.
final class ColumnTensors implements TensorRows {
  private final Features features;
  private final Absent absent;
  private final @Nullable InferenceInput[] byFeature;
  private final List<String> others = new ArrayList<>();

  private ColumnTensors(NormalizerDefinition definition) {
    this.features = definition.features();
    this.absent = definition.reception().absent();
    this.byFeature = new InferenceInput[features.size()];
  }

  /// Whether a tensor that came alone is a column and not the whole matrix. A vector with a value
  /// for each feature is a row, because one tensor may have any name.
  static boolean isColumn(InferenceInput only, Features features) {
    return features.size() > 1
        && hasShape(only.shape())
        && (only.shape().dimensions() == 2 || only.shape().size(0) != features.size())
        && only.name().filter(name -> features.indexOf(name) >= 0).isPresent();
  }

  private static boolean hasShape(TensorShape shape) {
    return shape.dimensions() == 1 || (shape.dimensions() == 2 && shape.size(1) == 1);
  }

  /// The rows of several tensors.
  ///
  /// @param faults of the tensors
  static ColumnTensors of(
      List<InferenceInput> inputs, NormalizerDefinition definition, Faults faults) {
    ColumnTensors columns = new ColumnTensors(definition);
    Extra extra = definition.reception().extra();
    for (InferenceInput input : inputs) {
      columns.add(input, extra == Extra.REJECT, faults);
    }
    if (columns.came().findAny().isEmpty()) {
      faults.add(columns.noneIsFeature(inputs.size()));
      return columns;
    }
    if (faults.isEmpty()) {
      columns.compareLengths(faults);
    }
    if (columns.absent == Absent.REJECT) {
      columns.requireAll(faults);
    }
    return columns;
  }

  private void add(InferenceInput input, boolean rejectOthers, Faults faults) {
    Optional<String> name = input.name();
    int feature = name.map(features::indexOf).orElse(-1);
    if (name.isPresent() && feature < 0) {
      others.add(name.get());
      if (rejectOthers) {
        faults.add(Fault.unknownModelFeature(input.pointer() + "/name", name.get()));
      }
      return;
    }
    long before = faults.count();
    input.check(faults);
    if (feature < 0) {
      return;
    }
    if (byFeature[feature] != null) {
      String detail = "The tensor " + Excerpt.quoted(name.get()) + " is there twice.";
      faults.add(new Fault(input.pointer() + "/name", Fault.DUPLICATE_FEATURE, detail));
    } else if (faults.count() == before && !hasShape(input.shape())) {
      String detail =
          "The tensor "
              + Excerpt.quoted(name.get())
              + " has the shape "
              + input.shape()
              + "; the tensor of one feature has [N] or [N, 1].";
      faults.add(new Fault(input.pointer() + "/shape", Fault.SIZE, detail));
    }
    byFeature[feature] = input;
  }

  private Fault noneIsFeature(int tensors) {
    String detail =
        "None of the "
            + tensors
            + " tensors has the name of a feature. Send a tensor for each feature, "
            + Excerpt.quoted(features.name(0))
            + " and so on, or one tensor [N, "
            + features.size()
            + "].";
    return new Fault("#/inputs", Fault.MISSING_COLUMN, detail);
  }

  private void compareLengths(Faults faults) {
    InferenceInput first = came().findFirst().orElseThrow();
    came()
        .filter(input -> input.numbers().size() != first.numbers().size())
        .forEach(input -> {
          String detail =
              "The tensor "
                  + Excerpt.quoted(input.name().orElseThrow())
                  + " has "
                  + input.numbers().size()
                  + " rows; "
                  + Excerpt.quoted(first.name().orElseThrow())
                  + " has "
                  + first.numbers().size()
                  + ".";
          faults.add(new Fault(input.pointer() + "/shape", Fault.SIZE, detail));
        });
  }

  private void requireAll(Faults faults) {
    for (int j = 0; j < byFeature.length; j++) {
      if (byFeature[j] == null) {
        String name = features.name(j);
        faults.add(() -> Fault.missingColumn("#/inputs", name, others));
      }
    }
  }

  private Stream<InferenceInput> came() {
    return Arrays.stream(byFeature).filter(Objects::nonNull).map(Objects::requireNonNull);
  }

  /// A tensor that is no feature, if there is one.
  Optional<String> other() {
    return others.stream().findFirst();
  }

  @Override
  public int rows() {
    return came().findFirst().orElseThrow().numbers().size();
  }

  @Override
  public double[] values(TensorRoom room) {
    int count = rows();
    int width = byFeature.length;
    double[] matrix = room.matrix(count, width);
    if (absent == Absent.MISSING && came().count() < width) {
      Arrays.fill(matrix, Double.NaN);
    }
    for (int j = 0; j < width; j++) {
      InferenceInput input = byFeature[j];
      if (input != null) {
        double[] column = input.numbers().values();
        for (int i = 0; i < count; i++) {
          matrix[i * width + j] = column[i];
        }
        input.numbers().clear();
      }
    }
    return matrix;
  }

  @Override
  public void check(Faults faults) {
    came().forEach(input -> input.checkNumbers(TensorPlaces.of(input), faults));
  }

  @Override
  public List<AnsweredTensor> answered(RequestedOutputs requested, AnswerForm form, Faults faults) {
    if (form.input().isPresent()) {
      long[] shape = {rows(), byFeature.length};
      return List.of(
          new AnsweredTensor(
              form.input().get(),
              commonType(),
              shape,
              requested.isBinary(),
              new ValueOrder.RowMajor()));
    }
    if (requested.outputs().isEmpty()) {
      return IntStream.range(0, byFeature.length)
          .mapToObj(feature -> answered(feature, requested.binary()))
          .toList();
    }
    List<AnsweredTensor> answered = new ArrayList<>();
    for (InferenceOutput output : requested.outputs()) {
      int feature = features.indexOf(output.name());
      if (feature < 0) {
        faults.add(unknown(output));
      } else {
        answered.add(answered(feature, requested.isBinary(output)));
      }
    }
    return answered;
  }

  private AnsweredTensor answered(int feature, boolean binary) {
    InferenceInput input = byFeature[feature];
    InferenceInput like = input == null ? came().findFirst().orElseThrow() : input;
    return new AnsweredTensor(
        features.name(feature),
        input == null ? commonType() : input.type().orElseThrow().answered(),
        like.shape().toArray(),
        binary,
        new ValueOrder.OneColumn(feature, byFeature.length));
  }

  /// The type of all features, or FP64 if they have several.
  private TensorType commonType() {
    List<TensorType> types =
        came().map(input -> input.type().orElseThrow().answered()).distinct().limit(2).toList();
    return types.size() == 1 ? types.getFirst() : TensorType.FP64;
  }

  private Fault unknown(InferenceOutput output) {
    String meant =
        NearestName.of(output.name(), features.names())
            .map(name -> "; did you mean " + Excerpt.quoted(name) + "?")
            .orElse("; there is one for each feature.");
    String detail = "There is no output " + Excerpt.quoted(output.name()) + meant;
    return new Fault(output.pointer(), Fault.UNKNOWN_VALUE, detail);
  }

  @Override
  public Pointers pointers() {
    return new Places(byFeature);
  }

  @SuppressWarnings("ArrayRecordComponent") // asked for places, never compared
  private record Places(@Nullable InferenceInput[] byFeature) implements Pointers {
    @Override
    public String rows() {
      return "#/inputs";
    }

    @Override
    public String row(long row) {
      return rows();
    }

    @Override
    public String cell(long row, int feature) {
      InferenceInput input = byFeature[feature];
      return input == null ? rows() : TensorPlaces.of(input).of(row);
    }
  }
}
