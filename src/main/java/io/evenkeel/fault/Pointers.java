package io.evenkeel.fault;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Spells the place of a row or value in the body as an RFC 6901 pointer in URI fragment form. Each
/// codec knows the keys of its own bodies.
public interface Pointers {

  /// `#/rows/i` and `#/rows/i/j`, for rows without keys.
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

  /// The pointer of a row.
  ///
  /// @param row its index in the body, from 0
  String row(long row);

  /// The pointer of the value of a feature in a row.
  String cell(long row, int feature);

  /// A key with the escapes that it needs in a pointer.
  static String escape(String key) {
    String escaped = key.replace("~", "~0").replace("/", "~1");
    return URLEncoder.encode(escaped, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("%7E", "~");
  }
}
