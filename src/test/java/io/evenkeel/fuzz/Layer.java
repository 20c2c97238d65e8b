package io.evenkeel.fuzz;

import java.util.List;

/// A kind of normalizer that requests are for.
///
/// @param definition as JSON
/// @param features their names
/// @param rows that it takes, row by row
record Layer(String name, String definition, List<String> features, double[] rows) {
  /// The one that commands are for, whose statistics and gamma and beta they may spoil.
  static final int COMMANDED = 0;

  /// The name under which normalizers are made, and deleted again.
  static final int MADE = 1;

  /// The features of the layer that takes tables of real writers. Each table has some of them.
  static final List<String> TABLES = List.of("a", "i64", "codes");

  static final List<Layer> ALL =
      List.of(
          new Layer(
              "commanded", "{'featureCount': 2, 'untrained': 'identity'}", numbered(2), plain(2)),
          new Layer("made", "", numbered(2), plain(2)),
          new Layer("plain", "{'featureCount': 2, 'untrained': 'identity'}", numbered(2), plain(2)),
          new Layer(
              "single",
              "{'preset': 'scikit-learn', 'featureCount': 1, 'untrained': 'identity'}",
              numbered(1),
              plain(1)),
          new Layer(
              "ranges",
              "{'features': [{'name': 'amount', 'min': 0, 'max': 10000}, {'name': 'age', 'min': 0,"
                  + " 'max': 130, 'onOutOfRange': 'clip'}, {'name': 'größe, in \\'m\\'', 'min': -1,"
                  + " 'max': 1e3, 'onOutOfRange': 'missing'}], 'missing': 'impute', 'activation':"
                  + " 'tanh', 'untrained': 'identity', 'extra': 'ignore', 'absent': 'zero', 'na':"
                  + " ['-', 'n.v.']}",
              List.of("amount", "age", "größe, in 'm'"),
              plain(3)),
          new Layer(
              "micro",
              "{'featureCount': 2, 'averaging': {'type': 'window', 'batches': 3}, 'training':"
                  + " {'type': 'window', 'batches': 4, 'kind': 'tumbling'}, 'missing': 'ignore',"
                  + " 'untrained': 'identity'}",
              numbered(2),
              plain(2)),
          new Layer(
              "torch",
              "{'preset': 'pytorch', 'features': [{'name': 'a'}, {'name': 'b'}], 'affine':"
                  + " {'gamma': [1, 2], 'beta': [0, 1]}, 'activation': 'sigmoid'}",
              List.of("a", "b"),
              plain(2)),
          new Layer("wide", "{'preset': 'keras', 'featureCount': 64}", numbered(64), plain(64)),
          new Layer("river", "{'preset': 'river', 'featureCount': 2}", numbered(2), plain(2)),
          new Layer(
              "renormalized",
              "{'preset': 'pytorch', 'featureCount': 3, 'training': {'type': 'renormalization',"
                  + " 'rMax': 3, 'dMax': 5}}",
              numbered(3),
              plain(3)),
          new Layer(
              "tables",
              "{'preset': 'pytorch', 'features': [{'name': 'a'}, {'name': 'i64'}, {'name':"
                  + " 'codes'}], 'missing': 'ignore', 'absent': 'zero'}",
              TABLES,
              plain(3)),
          new Layer(
              "decaying",
              "{'featureCount': 2, 'averaging': {'type': 'decaying', 'halfLifeRows': 100},"
                  + " 'missing': 'ignore', 'clip': 10, 'untrained': 'identity', 'absent':"
                  + " 'missing', 'extra': 'keep'}",
              numbered(2),
              plain(2)));

  private static List<String> numbered(int features) {
    return java.util.stream.IntStream.range(0, features).mapToObj(j -> "f" + j).toList();
  }

  /// Three rows within the ranges of all layers.
  private static double[] plain(int features) {
    double[] rows = new double[3 * features];
    java.util.Arrays.setAll(rows, i -> i % 7 * 0.1 + i / features);
    return rows;
  }

  /// Its definition, quotes and all.
  String document() {
    return Seed.json(definition);
  }

  /// Whether what it answers leads back to what it was asked.
  boolean hasInverse() {
    return !definition.contains("activation");
  }

  /// The normalizer of this kind that belongs to a sender alone.
  String nameOf(int sender) {
    return name + "-" + sender;
  }
}
