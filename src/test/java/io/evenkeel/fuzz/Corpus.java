package io.evenkeel.fuzz;

import static io.evenkeel.fuzz.Seed.doubles;
import static io.evenkeel.fuzz.Seed.floats;
import static io.evenkeel.fuzz.Seed.utf8;

import io.evenkeel.codec.arrow.ArrowStreams;
import io.evenkeel.fuzz.Request.Kind;
import io.evenkeel.fuzz.Seed.Framing;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.Field;

/// Valid requests to every decoder, for every [Layer].
final class Corpus {
  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";
  private static final String CSV = "text/csv";
  private static final String BINARY = "application/octet-stream";
  private static final String NPY = "application/x-npy";
  private static final String ARROW = "application/vnd.apache.arrow.stream";
  private static final String PREDICT = "/v1/models/{name}:predict";
  private static final String API = "/api/v1/normalizers/{name}";
  private static final String ADMIN = "/api/v1/admin/normalizers/{name}";

  /// The label of a snapshot that the commanded normalizer has from the start.
  static final String LABEL = "2026-11";

  private final List<Seed> seeds = new ArrayList<>();

  Corpus() {
    for (int layer = 0; layer < Layer.ALL.size(); layer++) {
      if (layer != Layer.COMMANDED && layer != Layer.MADE) {
        add(layer);
      }
    }
    addCommands();
    addMade();
  }

  List<Seed> seeds() {
    return seeds;
  }

  private void add(int index) {
    Layer layer = Layer.ALL.get(index);
    String normalize = API + ":normalize";
    List<Seed> plain = new ArrayList<>();
    List<String> bodies = bodies(layer);
    plain.add(Seed.of(Kind.JSON, index, "POST", normalize, JSON, utf8(bodies.get(0))));
    plain.add(Seed.of(Kind.JSON, index, "POST", normalize, JSON, utf8(bodies.get(1))));
    plain.add(
        Seed.of(Kind.JSON, index, "POST", normalize, JSON, utf8(bodies.get(2)))
            .with("extra", "keep"));
    String alone = "[" + row(layer, 0) + ",\n " + object(layer, 1, ",\"z\":[true]") + "]";
    plain.add(
        Seed.of(Kind.JSON, index, "POST", normalize, JSON, utf8(alone)).with("extra", "ignore"));
    plain.add(Seed.of(Kind.CSV, index, "POST", normalize, CSV, utf8(csv(layer, ""))));
    plain.add(dialect(index, normalize));
    Seed binary = Seed.of(Kind.BINARY, index, "POST", normalize, BINARY, new byte[0]);
    plain.add(binary.binary(doubles(layer.rows()), Framing.NONE));
    plain.add(binary.binary(floats(layer.rows()), Framing.NONE).with("dtype", "float32"));
    plain.add(
        binary
            .binary(ints(ByteOrder.LITTLE_ENDIAN, layer.rows()), Framing.NONE)
            .with("dtype", "int32")
            .with("rows", "3"));
    plain.addAll(arrays(index));
    Seed arrow = Seed.of(Kind.ARROW, index, "POST", normalize, ARROW, new byte[0]);
    plain.add(arrow.binary(arrow(layer, false), Framing.NONE));
    if (layer.features().equals(Layer.TABLES)) {
      plain.addAll(tables(arrow));
    }
    Seed lines = Seed.of(Kind.NDJSON, index, "POST", normalize, NDJSON, utf8(lines(layer)));
    plain.add(lines.with("extra", "keep"));
    List<Seed> batches = new ArrayList<>(plain);
    for (String body : bodies.subList(3, bodies.size())) {
      batches.add(Seed.of(Kind.JSON, index, "POST", normalize, JSON, utf8(body)));
    }
    Seed weightedLines =
        Seed.of(Kind.NDJSON, index, "POST", normalize, NDJSON, utf8(weightedLines(layer)));
    batches.add(weightedLines.with("weightColumn", "w"));
    batches.add(
        Seed.of(Kind.CSV, index, "POST", normalize, CSV, utf8(csv(layer, "w")))
            .with("weightColumn", "w"));
    batches.add(arrow.binary(arrow(layer, true), Framing.NONE).with("weightColumn", "w"));
    for (Seed batch : batches) {
      seeds.add(batch);
      seeds.add(batch.with("mode", "training"));
      seeds.add(batch.with("mode", "training").with("batchRows", "2"));
      seeds.add(batch.with("batchRows", "2"));
      seeds.add(batch.at(API + ":observe"));
      seeds.add(batch.at(API + ":observe").with("invalidRows", "skip").with("maxSkipped", "0.5"));
      String coding = List.of("gzip", "deflate", "zstd").get(seeds.size() % 3);
      seeds.add(batch.coded(coding).with("mode", "training").with("batchRows", "2"));
      seeds.add(batch.coded(coding).at(API + ":observe"));
    }
    if (layer.hasInverse()) {
      plain.forEach(batch -> seeds.add(batch.at(API + ":denormalize")));
      String first = quoted(layer.features().getFirst());
      String some = "[{" + first + ":0.5},{" + first + ":1e-1},{},{" + first + ":null}]";
      byte[] rows = utf8("{\"rows\":" + some + "}");
      seeds.add(Seed.of(Kind.JSON, index, "POST", API + ":denormalize", JSON, rows));
    }
    String counted = "{\"rows\":[" + row(layer, 0) + "," + row(layer, 1) + "],\"weights\":[2,1e1]}";
    seeds.add(
        Seed.of(Kind.JSON, index, "POST", API + ":observe", JSON, utf8(counted))
            .with("weightKind", "frequency"));
    seeds.add(
        Seed.of(
            Kind.JSON, index, "POST", API + ":observe", JSON, utf8(document(layer, "moments"))));
    addTensors(index);
    addGradients(index);
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\\\"") + '"';
  }

  private static String row(Layer layer, int i) {
    int features = layer.features().size();
    return IntStream.range(0, features)
        .mapToObj(j -> Double.toString(layer.rows()[i * features + j]))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String object(Layer layer, int i, String more) {
    int features = layer.features().size();
    return IntStream.range(0, features)
        .mapToObj(j -> quoted(layer.features().get(j)) + ":" + layer.rows()[i * features + j])
        .collect(Collectors.joining(",", "{", more + "}"));
  }

  private static String column(Layer layer, int j) {
    int features = layer.features().size();
    return IntStream.range(0, 3)
        .mapToObj(i -> Double.toString(layer.rows()[i * features + j]))
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static String rows(Layer layer) {
    return "[" + row(layer, 0) + "," + row(layer, 1) + "," + row(layer, 2) + "]";
  }

  private static String repeated(Layer layer, String value) {
    return Stream.generate(() -> value)
        .limit(layer.features().size())
        .collect(Collectors.joining(",", "[", "]"));
  }

  private static List<String> bodies(Layer layer) {
    String columns =
        IntStream.range(0, layer.features().size())
            .mapToObj(j -> quoted(layer.features().get(j)) + ":" + column(layer, j))
            .collect(Collectors.joining(",", "{", "}"));
    return List.of(
        "{\"rows\":" + rows(layer) + "}",
        "{\"columns\":" + columns + "}",
        "{\"rows\":[" + object(layer, 0, "") + "," + object(layer, 1, ",\"z\":[\"x\"]") + "]}",
        "{\"rows\":" + rows(layer) + ",\"weights\":[1,0.5,2]}",
        "{\"bounds\":{\"min\":"
            + repeated(layer, "null")
            + ",\"max\":"
            + repeated(layer, "1e9")
            + "},\"rows\":"
            + rows(layer)
            + "}");
  }

  private static String lines(Layer layer) {
    return row(layer, 0)
        + "\n"
        + object(layer, 1, ",\"w\":1,\"z\":[true,{\"k\":\"\\u00e9\"}]")
        + "\r\n\n"
        + row(layer, 2)
        + "\n"
        + object(layer, 0, "")
        + "\n"
        + row(layer, 1)
        + "\n";
  }

  private static String weightedLines(Layer layer) {
    return object(layer, 0, ",\"w\":0.5")
        + "\n"
        + object(layer, 1, ",\"w\":1")
        + "\n"
        + object(layer, 2, ",\"w\":1e1");
  }

  /// A CSV in one of the dialects, another one for each layer.
  private static Seed dialect(int index, String path) {
    Layer layer = Layer.ALL.get(index);
    String quoted = "\"" + String.join("\",\"", layer.features()) + "\"";
    String rows =
        IntStream.range(0, 3)
            .mapToObj(i -> row(layer, i).replace("[", "").replace("]", ""))
            .collect(Collectors.joining("\n"));
    String semicolons = quoted.replace("\",\"", "\";\"") + "\n" + rows.replace(',', ';');
    return switch (index % 5) {
      case 0 -> seed(index, path, CSV + ";header=absent", rows, StandardCharsets.UTF_8);
      case 1 ->
          seed(
              index,
              path,
              CSV + ";delimiter=\";\";decimal=\",\"",
              semicolons.replace('.', ','),
              StandardCharsets.UTF_8);
      case 2 ->
          seed(
              index,
              path,
              CSV + ";delimiter=\";\";charset=utf-16",
              semicolons,
              StandardCharsets.UTF_16);
      case 3 ->
          seed(
              index,
              path,
              "text/tab-separated-values;charset=iso-8859-1",
              semicolons.replace(';', '\t'),
              StandardCharsets.ISO_8859_1);
      default ->
          seed(
              index,
              path,
              CSV + ";charset=utf-16le",
              "\n" + quoted + " \r\n " + rows.replace(",", " , ") + "\n\n",
              StandardCharsets.UTF_16LE);
    };
  }

  private static Seed seed(int index, String path, String type, String body, Charset charset) {
    return Seed.of(Kind.CSV, index, "POST", path, type, body.getBytes(charset));
  }

  private static String csv(Layer layer, String weights) {
    StringBuilder csv = new StringBuilder("\uFEFF");
    for (String name : layer.features()) {
      csv.append(csv.length() == 1 ? "" : ",");
      csv.append(name.contains(",") ? quoted(name).replace("\\\"", "\"\"") : name);
    }
    csv.append(weights.isEmpty() ? "" : "," + weights).append("\r\n");
    for (int i = 0; i < 3; i++) {
      String row = row(layer, i);
      csv.append(row, 1, row.length() - 1).append(weights.isEmpty() ? "" : ",1.5").append("\r\n");
    }
    return csv.toString();
  }

  /// Arrays of some types, in both orders.
  private static List<Seed> arrays(int index) {
    Layer layer = Layer.ALL.get(index);
    int features = layer.features().size();
    String shape = "'shape': (" + layer.rows().length / features + ", " + features + "), }";
    Seed array = Seed.of(Kind.NPY, index, "POST", API + ":normalize", NPY, new byte[0]);
    return List.of(
        array
            .changed(npy(1, "{'descr': '<f8', 'fortran_order': False, " + shape), new byte[0])
            .binary(doubles(layer.rows()), Framing.NONE),
        array
            .changed(npy(2, "{'descr': '<f4', 'fortran_order': True, " + shape), new byte[0])
            .binary(floats(layer.rows()), Framing.NONE),
        array
            .changed(npy(3, "{'descr': '>u4', 'fortran_order': False, " + shape), new byte[0])
            .binary(ints(ByteOrder.BIG_ENDIAN, layer.rows()), Framing.NONE));
  }

  private static byte[] ints(ByteOrder order, double... values) {
    ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(order);
    for (double value : values) {
      bytes.putInt((int) value);
    }
    return bytes.array();
  }

  private static byte[] npy(int version, String dictionary) {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    head.writeBytes("\u0093NUMPY".getBytes(StandardCharsets.ISO_8859_1));
    head.write(version);
    head.write(0);
    head.write(dictionary.length() + 1);
    head.writeBytes(new byte[version == 1 ? 1 : 3]);
    head.writeBytes(utf8(dictionary + "\n"));
    return head.toByteArray();
  }

  /// Tables of real writers: types, codings, dictionaries, lists, files.
  private static List<Seed> tables(Seed arrow) {
    List<Seed> tables = new ArrayList<>();
    tables.add(
        arrow.binary(ArrowStreams.python("numbers.arrows"), Framing.NONE).with("extra", "ignore"));
    for (String name :
        List.of(
            "zstd.arrows",
            "lz4.arrows",
            "delta.arrows",
            "views.arrows",
            "embedding-list.arrows",
            "dictionary.arrow",
            "pandas.arrow",
            "polars-lz4.arrow",
            "js.arrow")) {
      tables.add(arrow.binary(ArrowStreams.python(name), Framing.NONE).with("extra", "keep"));
    }
    return tables;
  }

  private static byte[] arrow(Layer layer, boolean weighted) {
    List<Field> fields = new ArrayList<>();
    for (String name : layer.features()) {
      fields.add(fields.size() % 2 == 0 ? ArrowStreams.float64(name) : ArrowStreams.float32(name));
    }
    if (!weighted) {
      return ArrowStreams.of(fields, 2, layer.rows());
    }
    fields.add(ArrowStreams.float64("w"));
    int features = layer.features().size();
    double[] rows =
        IntStream.range(0, 3 * (features + 1))
            .mapToDouble(i -> {
              int j = i % (features + 1);
              return j == features ? 0.5 : layer.rows()[i / (features + 1) * features + j];
            })
            .toArray();
    return ArrowStreams.of(fields, 2, rows);
  }

  /// Moments, or statistics, of four values.
  private static String document(Layer layer, String kind) {
    String moments =
        "{\"count\":"
            + repeated(layer, "4")
            + ",\"mean\":"
            + repeated(layer, "0.5")
            + (kind.equals("statistics") ? ",\"variance\":" : ",\"m2\":")
            + repeated(layer, "0.25")
            + ",\"min\":"
            + repeated(layer, "-0")
            + ",\"max\":"
            + repeated(layer, "1e0")
            + "}";
    return kind.equals("moments") ? "{\"moments\":" + moments + "}" : moments;
  }

  private void addTensors(int index) {
    Layer layer = Layer.ALL.get(index);
    int features = layer.features().size();
    String infer = "/v2/models/{name}/infer";
    for (String mode : List.of("", "\"mode\":\"training\"")) {
      String parameters = "\"parameters\":{" + mode + "}";
      String flat = rows(layer).replaceAll("[\\[\\]]", "");
      for (String data : List.of("[" + flat + "]", rows(layer))) {
        String body =
            "{\"id\":\"7\","
                + parameters
                + ",\"inputs\":[{\"name\":\"x\",\"shape\":[3,"
                + features
                + "],\"datatype\":\"FP64\",\"data\":"
                + data
                + "}],\"outputs\":[{\"name\":\"y\"}]}";
        Seed json = Seed.of(Kind.TENSORS, index, "POST", infer, JSON, utf8(body));
        seeds.add(json);
        seeds.add(json.coded("gzip").header("Accept-Encoding", "gzip"));
        seeds.add(json.coded("zstd").header("Accept-Encoding", "zstd, identity;q=0"));
      }
      for (String type : List.of("FP64", "FP32")) {
        byte[] numbers = type.equals("FP64") ? doubles(layer.rows()) : floats(layer.rows());
        String head =
            "{\"inputs\":[{\"name\":\"x\",\"datatype\":\""
                + type
                + "\",\"shape\":[3,"
                + features
                + "],\"parameters\":{\"binary_data_size\":"
                + numbers.length
                + "}}],\"parameters\":{\"binary_data_output\":true"
                + (mode.isEmpty() ? "" : "," + mode)
                + "}}";
        Seed binary =
            Seed.of(Kind.TENSORS, index, "POST", infer, BINARY, utf8(head))
                .binary(numbers, Framing.BY_HEADER);
        seeds.add(binary);
        seeds.add(binary.coded("deflate"));
        seeds.add(binary.coded("gzip"));
      }
    }
    seeds.add(
        Seed.of(Kind.TENSORS, index, "POST", infer, BINARY, new byte[0])
            .binary(doubles(layer.rows()), Framing.BY_HEADER));
    addImages(layer, index, infer);
    addColumns(layer, index, infer);
    for (String member : List.of("instances", "inputs")) {
      byte[] body = utf8("{\"" + member + "\":" + rows(layer) + "}");
      seeds.add(Seed.of(Kind.TENSORS, index, "POST", PREDICT, JSON, body));
    }
  }

  /// Three images of one place.
  private void addImages(Layer layer, int index, String infer) {
    String body =
        "{\"inputs\":[{\"name\":\"image\",\"datatype\":\"FP32\",\"shape\":[3,"
            + layer.features().size()
            + ",1,1],\"data\":["
            + rows(layer).replaceAll("[\\[\\]]", "")
            + "]}],\"parameters\":{\"priority\":1}}";
    Seed valid = Seed.of(Kind.TENSORS, index, "POST", infer, JSON, utf8(body));
    seeds.add(valid);
    seeds.add(valid.with("as", "request").with("input", "input-0"));
  }

  /// A tensor for each feature, each of another type, every other one as bytes.
  private void addColumns(Layer layer, int index, String infer) {
    List<String> types = List.of("FP64", "INT64", "UINT8", "FP16", "BOOL", "INT16");
    List<Integer> widths = List.of(8, 8, 1, 2, 1, 2);
    List<String> inputs = new ArrayList<>();
    int bytes = 0;
    for (int j = 0; j < layer.features().size(); j++) {
      int type = j % types.size();
      int size = 3 * widths.get(type);
      boolean binary = j % 2 == 0;
      bytes += binary ? size : 0;
      inputs.add(
          "{\"name\":"
              + quoted(layer.features().get(j))
              + ",\"datatype\":\""
              + types.get(type)
              + "\",\"shape\":[3,1],"
              + (binary
                  ? "\"parameters\":{\"binary_data_size\":" + size + "}}"
                  : "\"data\":[[0],[1],[1]]}"));
    }
    String head = "{\"inputs\":[" + String.join(",", inputs) + "],\"outputs\":null}";
    seeds.add(
        Seed.of(Kind.TENSORS, index, "POST", infer, BINARY, utf8(head))
            .binary(new byte[bytes], Framing.BY_HEADER));
  }

  private void addGradients(int index) {
    Layer layer = Layer.ALL.get(index);
    String body =
        "{\"rows\":"
            + rows(layer)
            + ",\"outputGradients\":"
            + rows(layer)
            + ",\"weights\":[1,2,0]}";
    Seed backward = Seed.of(Kind.JSON, index, "POST", API + ":backward", JSON, utf8(body));
    seeds.add(backward);
    seeds.add(backward.with("mode", "training"));
  }

  private void command(String method, String path, String document) {
    byte[] body = utf8(Seed.json(document));
    seeds.add(Seed.of(Kind.DOCUMENTS, Layer.COMMANDED, method, path, JSON, body));
  }

  private void addCommands() {
    Layer layer = Layer.ALL.get(Layer.COMMANDED);
    String affine = "{'gamma': [1, 2.5], 'beta': [0, -1e-3]}";
    String step =
        "{'gammaGradient': [0.1, -2], 'betaGradient': [1e-3, 0], 'learningRate': 0.1, 'l1': 0.01,"
            + " 'method': 'proximal'}";
    // several times each, for they are few beside the batches
    for (int i = 0; i < 6; i++) {
      command("PUT", API + "/affine", affine);
      command("POST", API + "/affine:step", step);
      command("POST", ADMIN + ":merge", document(layer, "merge"));
      command("PUT", ADMIN + "/statistics", document(layer, "statistics"));
      command("POST", ADMIN + ":freeze", "{'scope': 'all', 'reason': 'so'}");
      command("POST", ADMIN + ":unfreeze", "{'reason': 'so\\u00e9'}");
      command("POST", ADMIN + ":reset", "{'reason': null}");
      command("POST", ADMIN + "/snapshots", "{'label': '" + LABEL + "', 'reason': 'kept'}");
      command("POST", ADMIN + ":restore", "{'snapshot': '" + LABEL + "'}");
      command("PUT", API + "/serving", "{'snapshot': '" + LABEL + "'}");
      command("POST", API + ":observe", document(layer, "moments"));
      for (String definition :
          List.of(
              "{'featureCount': 2, 'clip': 3, 'epsilon': 1e-3, 'activation': 'relu', 'untrained':"
                  + " 'identity'}",
              "{'features': [{'name': 'f0', 'min': 0}, {'name': 'f1', 'max': 7, 'onOutOfRange':"
                  + " 'clip'}], 'constantFeature': 'zero', 'extra': 'keep', 'absent': 'missing',"
                  + " 'na': ['NA', '?'], 'untrained': 'identity', 'renamed': {'f0': 'f0'}}")) {
        byte[] body = utf8(Seed.json(definition));
        seeds.add(
            Seed.of(Kind.DOCUMENTS, Layer.COMMANDED, "PUT", API + "/definition", JSON, body)
                .header("If-Match", "*"));
      }
    }
  }

  private void addMade() {
    for (int i = 0; i < 4; i++) {
      for (Layer layer : Layer.ALL) {
        if (!layer.definition().isEmpty()) {
          seeds.add(Seed.of(Kind.DOCUMENTS, Layer.MADE, "PUT", API, JSON, utf8(layer.document())));
        }
      }
      addLayers("pytorch", PYTORCH);
      addLayers("keras", KERAS);
      addLayers("scikit-learn", SCIKIT_LEARN);
      for (String header : SAFETENSORS) {
        Seed file =
            Seed.of(
                    Kind.LAYERS,
                    Layer.MADE,
                    "POST",
                    API + "/import",
                    BINARY,
                    utf8(Seed.json(header)))
                .with("format", "safetensors")
                .binary(TENSORS, Framing.BY_PREFIX);
        seeds.add(file);
        seeds.add(file.coded("zstd"));
        String prefixed =
            header.replaceAll("'((num_batches|running)_\\w+|bias|weight)':", "'bn1.$1':");
        seeds.add(file.changed(utf8(Seed.json(prefixed)), TENSORS).with("prefix", "bn1."));
      }
    }
  }

  private void addLayers(String format, List<String> documents) {
    for (String document : documents) {
      Seed layer =
          Seed.of(Kind.LAYERS, Layer.MADE, "POST", API + "/import", JSON, utf8(Seed.json(document)))
              .with("format", format);
      seeds.add(layer);
      seeds.add(layer);
    }
  }

  private static final List<String> PYTORCH =
      List.of(
          "{'num_features': 2, 'eps': 1e-05, 'momentum': 0.1, 'weight': [1, 3], 'bias': [0, 0.5],"
              + " 'running_mean': [1, -2], 'running_var': [4, 9], 'num_batches_tracked': 7}",
          "{'momentum': null, 'running_mean': [1, -2], 'running_var': [4, 9],"
              + " 'num_batches_tracked': 7, 'evenkeel': {'features': ['a', 'b'], 'meanLow': [1e-20,"
              + " 0]}}");
  private static final List<String> KERAS =
      List.of(
          "{'momentum': 0.99, 'epsilon': 0.001, 'center': true, 'scale': true, 'gamma': [1, 3],"
              + " 'beta': [0, 0.5], 'moving_mean': [1, -2], 'moving_variance': [4, 9]}");
  private static final List<String> SCIKIT_LEARN =
      List.of(
          "{'with_mean': true, 'with_std': true, 'n_features_in_': 2, 'n_samples_seen_': 2,"
              + " 'mean_': [2, 7], 'var_': [1, 0], 'scale_': [1, 1]}",
          "{'with_mean': false, 'with_std': false, 'n_features_in_': 2, 'n_samples_seen_': [2, 3],"
              + " 'mean_': null, 'var_': null, 'scale_': null, 'feature_names_in_': ['a', 'b']}");

  private static final String PLACES =
      "'num_batches_tracked':{'dtype':'I64','shape':[],'data_offsets':[0,8]},"
          + "'bias':{'dtype':'F64','shape':[2],'data_offsets':[8,24]},"
          + "'running_mean':{'dtype':'F64','shape':[2],'data_offsets':[24,40]},"
          + "'running_var':{'dtype':'F64','shape':[2],'data_offsets':[40,56]},"
          + "'weight':{'dtype':'F64','shape':[2],'data_offsets':[56,72]}}";
  private static final List<String> SAFETENSORS =
      List.of(
          "{" + PLACES,
          "{'__metadata__':{'format':'pt','eps':'1.0E-5','momentum':'null',"
              + "'evenkeel.mean_low':'[0,1e-20]','evenkeel.features':'[\\\"a\\\",\\\"b\\\"]'},"
              + PLACES);

  /// 7 batches, β 0 0.5, mean 1 −2, variance 4 9, γ 1 3.
  private static final byte[] TENSORS =
      doubles(Double.longBitsToDouble(7), 0, 0.5, 1, -2, 4, 9, 1, 3);
}
