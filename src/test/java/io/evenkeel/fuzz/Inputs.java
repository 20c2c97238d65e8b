package io.evenkeel.fuzz;

import io.evenkeel.fuzz.Seed.Framing;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/// The requests of a run, each made of a valid one by changes to its body, its query and its
/// headers. Which, the seed of the run and the number of the request say.
final class Inputs {
  private static final long GOLDEN = 0x9e3779b97f4a7c15L;

  private static final String NONE = "\0";

  private static final Map<String, List<String>> QUERY =
      Map.ofEntries(
          Map.entry("mode", List.of("training", "inference", "Training", "train", "")),
          Map.entry("batchRows", List.of("1", "2", "3", "256", "0", "-1", "2147483648", "1e3")),
          Map.entry("batchMillis", List.of("1", "50", "0", "60001", "x")),
          Map.entry("control", List.of("true", "false", "maybe", "")),
          Map.entry("dtype", List.of("float32", "float64", "float16", "int32", "int64", "x", "")),
          Map.entry("extra", List.of("keep", "ignore", "reject", "both")),
          Map.entry("invalidRows", List.of("skip", "reject", "x")),
          Map.entry("maxSkipped", List.of("0", "1", "0.5", "2", "NaN", "-0", "1e-400", "Infinity")),
          Map.entry("weightColumn", List.of("w", "f0", "age", "", "w,w", "%00")),
          Map.entry("windowId", List.of("step-1", "step-2", "", "%C3%A9", "z".repeat(300))),
          Map.entry("onFrozen", List.of("reject", "normalize", "x")),
          Map.entry("snapshot", List.of("live", "2026-11", "", "A%2FB")),
          Map.entry("version", List.of("1", "9223372036854775808", "-1")),
          Map.entry("format", List.of("safetensors", "keras", "onnx", "pytorch", "")),
          Map.entry("rows", List.of("3", "0", "-1", "9223372036854775808")),
          Map.entry("as", List.of("request", "response", "x", "")),
          Map.entry("input", List.of("input-0", "", "%00", "z".repeat(300))),
          Map.entry("prefix", List.of("bn1.", "", "bn1", "%00")),
          Map.entry("unknown", List.of("", "1")));

  private static final List<String> TYPES =
      List.of(
          "application/json",
          "application/json; charset=utf-8",
          "application/json;charset=utf-16",
          "text/csv",
          "text/csv; charset=\"UTF-8\"",
          "text/csv;charset=latin1",
          "application/x-ndjson",
          "application/jsonl",
          "application/octet-stream",
          "application/x-npy",
          "application/vnd.apache.arrow.stream",
          "application/*",
          "*/*",
          "text/plain",
          "json",
          "a/b;q",
          ";",
          "");

  private static final Map<String, List<String>> HEADERS =
      Map.of(
          "Content-Type",
          TYPES,
          "Accept",
          concat(TYPES, "application/x-ndjson, text/csv;q=0.5", "*/*;q=0", "text/*;q=2", "a/b"),
          "Idempotency-Key",
          // few, since those that were applied are kept
          List.of("k-1", "k-2", "k-3", "k-4", "k 5", "", "k".repeat(256), "\u00e9"),
          "If-Match",
          List.of(
              "*", "\"1-1\"", "W/\"1-1\"", "\"zzzzzzzzzzzzz-zzzzzzzzzzzzz\"", "\"", "x, \"", ""),
          "If-None-Match",
          List.of("*", "\"1-1\"", "\"", ""),
          Seed.HEAD_LENGTH,
          List.of("0", "1", "-1", "1e3", "2147483648", "99999999999999999999", " 7", "", "x"),
          "Content-Encoding",
          List.of("gzip", "deflate", "zstd", "identity", "br", "gzip, gzip", "", "GZIP"),
          "Accept-Encoding",
          List.of(
              "gzip", "deflate", "zstd", "gzip;q=0", "identity;q=0, *", "gzip;q=1.0000", ";", "br"),
          "Inference-Header-Content-Lengt",
          List.of("1"));

  private final long seed;
  private final List<Seed> seeds;

  Inputs(long seed, List<Seed> seeds) {
    this.seed = seed;
    this.seeds = seeds;
  }

  private static List<String> concat(List<String> first, String... second) {
    List<String> all = new ArrayList<>(first);
    all.addAll(List.of(second));
    return all;
  }

  /// The request of a number.
  Request of(long number) {
    SplittableRandom random = new SplittableRandom(seed * GOLDEN ^ number * 0xbf58476d1ce4e5b9L);
    Mutation mutation = new Mutation(random);
    Seed valid = mutation.oneOf(seeds);
    Seed changed = valid;
    int changes = Math.min(random.nextInt(1, 5), random.nextInt(0, 4));
    for (int i = 0; i < changes; i++) {
      changed = changed(changed, alike(valid, mutation), mutation);
    }
    Map<String, String> headers = new LinkedHashMap<>(changed.headers());
    if (changed.framing() == Framing.BY_HEADER) {
      int told = mutation.oneIn(5) ? valid.text().length : changed.text().length;
      headers.put(Seed.HEAD_LENGTH, Integer.toString(told));
    }
    byte[] plain = changed.body();
    byte[] body = changed.encoded(mutation.oneIn(12) ? mutation.bytes(plain, plain) : plain);
    if (!changed.coding().isEmpty() && mutation.oneIn(4)) {
      body = mutation.bytes(body, valid.encoded(valid.body()));
    }
    if (mutation.oneIn(6)) {
      change(headers, mutation);
    }
    Map<String, String> query = new LinkedHashMap<>(changed.query());
    if (mutation.oneIn(6)) {
      changeQuery(query, mutation);
    }
    return request(
        changed, query, headers, body, mutation.oneIn(3) ? mutation.pieces(body.length) : null);
  }

  /// The request of a number, counted around, before anything is changed.
  Request valid(long number) {
    Seed valid = seeds.get((int) (number % seeds.size()));
    Map<String, String> headers = new LinkedHashMap<>(valid.headers());
    if (valid.framing() == Framing.BY_HEADER) {
      headers.put(Seed.HEAD_LENGTH, Integer.toString(valid.text().length));
    }
    return request(valid, valid.query(), headers, valid.encoded(valid.body()), null);
  }

  private static Request request(
      Seed seed,
      Map<String, String> query,
      Map<String, String> headers,
      byte[] body,
      @Nullable List<Integer> pieces) {
    return new Request(
        seed.kind(),
        seed.layer(),
        seed.method(),
        seed.path() + text(query),
        headers.entrySet().stream().map(h -> h.getKey() + ": " + h.getValue()).toList(),
        body,
        pieces);
  }

  /// Another request whose bodies are of the same kind.
  private Seed alike(Seed one, Mutation mutation) {
    Seed other = mutation.oneOf(seeds);
    for (int i = 0; i < 8 && other.kind() != one.kind(); i++) {
      other = mutation.oneOf(seeds);
    }
    return other;
  }

  private static Seed changed(Seed one, Seed other, Mutation mutation) {
    boolean inText = one.numbers().length == 0 || (one.text().length > 0 && !mutation.oneIn(3));
    return inText
        ? one.changed(mutation.text(one.text(), other.text()), one.numbers())
        : one.changed(one.text(), mutation.bytes(one.numbers(), other.numbers()));
  }

  private static void change(Map<String, String> headers, Mutation mutation) {
    String name = mutation.oneOf(HEADERS.keySet().stream().sorted().toList());
    if (mutation.oneIn(6)) {
      headers.remove(name);
    } else {
      headers.put(name, mutation.oneOf(HEADERS.getOrDefault(name, List.of(""))));
    }
  }

  private static void changeQuery(Map<String, String> query, Mutation mutation) {
    for (int changes = mutation.oneIn(3) ? 2 : 1; changes > 0; changes--) {
      String name = mutation.oneOf(QUERY.keySet().stream().sorted().toList());
      if (mutation.oneIn(10)) {
        query.put(mutation.oneIn(2) ? name : "", spelled(mutation.word()));
      } else {
        query.put(name, mutation.oneIn(12) ? NONE : mutation.oneOf(QUERY.get(name)));
      }
    }
  }

  /// A value that nobody means, as it has to be spelled in a request's first line.
  private static String spelled(byte[] word) {
    StringBuilder spelled = new StringBuilder();
    for (int i = 0; i < Math.min(word.length, 300); i++) {
      char c = (char) (word[i] & 0xff);
      boolean plain = Character.isLetterOrDigit(c) && c < 0x80;
      spelled.append(plain ? String.valueOf(c) : "%%%02X".formatted((int) c));
    }
    return spelled.toString();
  }

  private static String text(Map<String, String> query) {
    StringBuilder text = new StringBuilder();
    query.forEach((name, value) -> {
      text.append(text.isEmpty() ? '?' : '&').append(name);
      if (!value.equals(NONE)) {
        text.append('=').append(value);
      }
    });
    return text.toString();
  }
}
