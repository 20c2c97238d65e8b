package io.evenkeel.fault;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Where in the body a row or a value stands, as an RFC 6901 pointer in URI fragment form. Each
/// codec knows the keys of its own bodies.
public interface Pointers {

  /// `#/rows/i` and `#/rows/i/j`: array rows, CSV and binary.
  Pointers POSITIONS =
      new Pointers() {
        @Override
        public String row(long row) {
          return "#/rows/" + row;
        }

        @Override
        public String cell(long row, int feature) {
          return "#/rows/" + row + "/" + feature;
        }
      };

  /// The pointer of all rows.
  default String rows() {
    return "#/rows";
  }

  /// The pointer of a row, counted from 0 over the whole body.
  String row(long row);

  /// The pointer of a feature's value in a row.
  String cell(long row, int feature);

  /// A key as a pointer spells it.
  static String escape(String key) {
    String escaped = key.replace("~", "~0").replace("/", "~1");
    return URLEncoder.encode(escaped, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%7E", "~");
  }
}
