package io.evenkeel.codec.json;

import io.evenkeel.codec.json.token.JsonToken;
import io.evenkeel.codec.json.token.JsonTokens;
import io.evenkeel.codec.rows.MemoryShare;
import io.evenkeel.codec.rows.UnreadableBody;
import io.evenkeel.codec.sample.Sample;
import io.evenkeel.codec.sample.SampleReader;

/// Reads the first JSON rows of a body, one a line. Either all are objects, whose members are the
/// columns, or all are arrays of one length.
public final class NdjsonSampleReader implements SampleReader, JsonTokens.Reader {
  /// What the reader reads next.
  private enum Place {
    ROW,
    OBJECT,
    MEMBER,
    ARRAY
  }

  private final JsonTokens tokens = JsonTokens.ofLines(this);
  private final SampledRows rows;
  private Place place = Place.ROW;
  private int depth;

  /// @param memory is asked before anything is held
  public NdjsonSampleReader(MemoryShare memory) {
    this.rows = new SampledRows(tokens.present(), memory);
  }

  @Override
  public boolean feed(byte[] bytes, int offset, int length) {
    try {
      if (!isComplete()) {
        tokens.feed(bytes, offset, length);
      }
    } catch (UnreadableBody e) {
      // behind the last row of the sample there may be anything
      if (!isComplete()) {
        throw e;
      }
    }
    return !isComplete();
  }

  @Override
  public Sample finish() {
    if (!isComplete()) {
      tokens.finish();
    }
    return rows.sample();
  }

  private boolean isComplete() {
    return rows.count() == MOST_ROWS;
  }

  @Override
  public void take(JsonToken token) {
    if (isComplete()) {
      return;
    }
    if (depth > 0) {
      nested(token);
      return;
    }
    switch (place) {
      case ROW -> begin(token);
      case OBJECT -> {
        if (token == JsonToken.OBJECT_END) {
          end();
        } else {
          rows.member(tokens.present().text());
          place = Place.MEMBER;
        }
      }
      case MEMBER, ARRAY -> {
        if (token == JsonToken.ARRAY_END) {
          end();
        } else {
          cell(token);
        }
      }
    }
  }

  @Override
  public void number(double x) {
    take(JsonToken.NUMBER);
  }

  private void begin(JsonToken token) {
    place =
        switch (token) {
          case OBJECT_START -> Place.OBJECT;
          case ARRAY_START -> Place.ARRAY;
          default -> throw tokens.present().expected("a row, an array or an object,", token);
        };
    rows.begin(place == Place.OBJECT);
  }

  private void cell(JsonToken token) {
    switch (token) {
      case NUMBER, TRUE, FALSE -> rows.cell().number();
      case NULL -> rows.cell().missing();
      case STRING -> rows.cell().other(tokens.present().text());
      default -> {
        if (place == Place.ARRAY) {
          throw tokens
              .present()
              .fail(
                  "A line is one row, and this one holds "
                      + token
                      + " inside an array. Write each row on a line of its own.");
        }
        rows.cell().other(token == JsonToken.ARRAY_START ? "[...]" : "{...}");
        depth = 1;
        return;
      }
    }
    endOfCell();
  }

  private void nested(JsonToken token) {
    switch (token) {
      case OBJECT_START, ARRAY_START -> depth++;
      case OBJECT_END, ARRAY_END -> depth--;
      case MEMBER, STRING, NUMBER, TRUE, FALSE, NULL -> {}
    }
    if (depth == 0) {
      endOfCell();
    }
  }

  private void endOfCell() {
    if (place == Place.MEMBER) {
      place = Place.OBJECT;
    }
  }

  private void end() {
    rows.end();
    place = Place.ROW;
  }
}
