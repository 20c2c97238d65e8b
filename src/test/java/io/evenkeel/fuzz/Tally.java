package io.evenkeel.fuzz;

import io.evenkeel.http.Answer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What became of inputs, by their kind.
final class Tally {
  private final Map<Request.Kind, long[]> byKind = new EnumMap<>(Request.Kind.class);
  private final Map<Integer, Long> byStatus = new TreeMap<>();
  private final List<String> failures = new ArrayList<>();
  private long brokenOff;
  private long compared;

  synchronized void count(Request.Kind kind, Answer answer) {
    byKind.computeIfAbsent(kind, _ -> new long[2])[answer.isSuccess() ? 0 : 1]++;
    byStatus.merge(answer.status(), 1L, Long::sum);
    brokenOff += answer.cut() ? 1 : 0;
  }

  /// That the state was looked at before a request and after it.
  synchronized void compare() {
    compared++;
  }

  synchronized void fail(String what) {
    failures.add(what);
  }

  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  synchronized long answered() {
    return byKind.values().stream().mapToLong(counts -> counts[0]).sum();
  }

  synchronized long refused() {
    return byKind.values().stream().mapToLong(counts -> counts[1]).sum();
  }

  synchronized long answered(Request.Kind kind) {
    return byKind.getOrDefault(kind, new long[2])[0];
  }

  synchronized long refused(Request.Kind kind) {
    return byKind.getOrDefault(kind, new long[2])[1];
  }

  @Override
  public synchronized String toString() {
    StringBuilder kinds = new StringBuilder();
    byKind.forEach((kind, counts) ->
        kinds.append("; %s %d answered, %d refused".formatted(kind, counts[0], counts[1])));
    return ("%d inputs: %d answered, %d of them broken off in the midst of a stream, %d refused, %d"
            + " failed; state compared %d times%s; by status %s")
        .formatted(
            answered() + refused(),
            answered(),
            brokenOff,
            refused(),
            failures.size(),
            compared,
            kinds,
            byStatus);
  }
}
