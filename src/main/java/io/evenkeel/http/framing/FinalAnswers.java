package io.evenkeel.http.framing;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;

/// Where the final answer to a request begins and ends among the messages that a connection writes.
/// Interim answers (status 1xx, such as `100 Continue`) come before it and are none (RFC 9110,
/// section 15.2).
public final class FinalAnswers {
  private FinalAnswers() {}

  /// Whether this is the head of a final answer, with or without its content.
  public static boolean begins(Object message) {
    return message instanceof HttpResponse && !isInterim(message);
  }

  /// Whether this is the last content of a final answer, with or without its head.
  public static boolean ends(Object message) {
    return message instanceof LastHttpContent && !isInterim(message);
  }

  private static boolean isInterim(Object message) {
    return message instanceof HttpResponse answer
        && answer.status().codeClass() == HttpStatusClass.INFORMATIONAL;
  }
}
