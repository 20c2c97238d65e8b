package io.evenkeel.engine.bytes;

import io.evenkeel.batchnorm.Training;
import io.evenkeel.batchnorm.Training.Running.Order;
import io.evenkeel.batchnorm.Training.Running.Per;
import io.evenkeel.batchnorm.moments.WindowKind;
import io.evenkeel.batchnorm.statistics.Averaging;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.Start;
import io.evenkeel.batchnorm.statistics.Averaging.Exponential.VarianceKind;
import java.util.List;
import java.util.Optional;

/// The parts of [DefinitionBytes] for averaging and training: a code of one byte, then the bytes of
/// that kind.
///
/// | averaging                | further bytes                                |
/// |--------------------------|----------------------------------------------|
/// | 0 cumulative             |                                              |
/// | 1 cumulative, with prior | its count (8), mean (8) and variance (8)     |
/// | 2 cumulative batches     |                                              |
/// | 3 exponential            | momentum (8), kind of variance (1), start (1) |
/// | 4 decaying               | half-life in rows (8)                        |
/// | 5 window                 | batches (4), kind (1)                        |
///
/// | training          | further bytes         |
/// |-------------------|-----------------------|
/// | 0 batch           |                       |
/// | 1 running         | order (1), per (1)    |
/// | 2 window          | batches (4), kind (1) |
/// | 3 renormalization | rMax (8), dMax (8)    |
final class AveragingBytes {
  private static final Codes<VarianceKind> VARIANCE_KINDS =
      new Codes<>(VarianceKind.class, List.of(VarianceKind.WITHIN, VarianceKind.TOTAL));
  private static final Codes<Start> STARTS =
      new Codes<>(Start.class, List.of(Start.ZERO_ONE, Start.FIRST_BATCH));
  private static final Codes<Order> ORDERS =
      new Codes<>(Order.class, List.of(Order.BEFORE, Order.AFTER));
  private static final Codes<Per> PERS = new Codes<>(Per.class, List.of(Per.BATCH, Per.ROW));

  private static final Codes<WindowKind> WINDOW_KINDS =
      new Codes<>(WindowKind.class, List.of(WindowKind.SLIDING, WindowKind.TUMBLING));

  private static final int CUMULATIVE = 0;
  private static final int CUMULATIVE_WITH_PRIOR = 1;
  private static final int CUMULATIVE_BATCHES = 2;
  private static final int EXPONENTIAL = 3;
  private static final int DECAYING = 4;
  private static final int WINDOW = 5;
  private static final int BATCH = 0;
  private static final int RUNNING = 1;
  private static final int TRAINING_WINDOW = 2;
  private static final int RENORMALIZATION = 3;

  private AveragingBytes() {}

  static void put(ByteOutput out, Averaging averaging) {
    switch (averaging) {
      case Averaging.Cumulative(Optional<Averaging.Prior> prior) -> {
        out.put(prior.isPresent() ? CUMULATIVE_WITH_PRIOR : CUMULATIVE);
        prior.ifPresent(p -> out.putDouble(p.count()).putDouble(p.mean()).putDouble(p.variance()));
      }
      case Averaging.CumulativeBatches() -> out.put(CUMULATIVE_BATCHES);
      case Averaging.Exponential(double momentum, VarianceKind kind, Start start) -> {
        out.put(EXPONENTIAL).putDouble(momentum);
        out.put(VARIANCE_KINDS.of(kind)).put(STARTS.of(start));
      }
      case Averaging.Decaying(double halfLifeRows) -> out.put(DECAYING).putDouble(halfLifeRows);
      case Averaging.Window(int batches, WindowKind kind) ->
          out.put(WINDOW).putInt(batches).put(WINDOW_KINDS.of(kind));
    }
  }

  static Averaging averaging(ByteInput in) {
    int code = in.get();
    return switch (code) {
      case CUMULATIVE -> new Averaging.Cumulative(Optional.empty());
      case CUMULATIVE_WITH_PRIOR ->
          new Averaging.Cumulative(
              Optional.of(new Averaging.Prior(in.getDouble(), in.getDouble(), in.getDouble())));
      case CUMULATIVE_BATCHES -> new Averaging.CumulativeBatches();
      case EXPONENTIAL ->
          new Averaging.Exponential(
              in.getDouble(), VARIANCE_KINDS.constant(in.get()), STARTS.constant(in.get()));
      case DECAYING -> new Averaging.Decaying(in.getDouble());
      case WINDOW -> new Averaging.Window(in.getInt(), WINDOW_KINDS.constant(in.get()));
      default -> throw new MalformedBytesException("there is no averaging of code " + code);
    };
  }

  static void put(ByteOutput out, Training training) {
    switch (training) {
      case Training.Batch() -> out.put(BATCH);
      case Training.Running(Order order, Per per) ->
          out.put(RUNNING).put(ORDERS.of(order)).put(PERS.of(per));
      case Training.Window(int batches, WindowKind kind) ->
          out.put(TRAINING_WINDOW).putInt(batches).put(WINDOW_KINDS.of(kind));
      case Training.Renormalization(double rMax, double dMax) ->
          out.put(RENORMALIZATION).putDouble(rMax).putDouble(dMax);
    }
  }

  static Training training(ByteInput in) {
    int code = in.get();
    return switch (code) {
      case BATCH -> new Training.Batch();
      case RUNNING -> new Training.Running(ORDERS.constant(in.get()), PERS.constant(in.get()));
      case TRAINING_WINDOW -> new Training.Window(in.getInt(), WINDOW_KINDS.constant(in.get()));
      case RENORMALIZATION -> new Training.Renormalization(in.getDouble(), in.getDouble());
      default -> throw new MalformedBytesException("there is no training of code " + code);
    };
  }
}
