package io.evenkeel.http.framing;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FinalAnswersTest {

  private static DefaultFullHttpResponse whole(int status) {
    return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
  }

  private static DefaultHttpResponse head(int status) {
    return new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 204, 304, 400, 503, 600})
  void anAnswerIsFinal(int status) {
    assertThat(FinalAnswers.begins(whole(status))).isTrue();
    assertThat(FinalAnswers.ends(whole(status))).isTrue();
    assertThat(FinalAnswers.begins(head(status))).isTrue();
    assertThat(FinalAnswers.ends(head(status))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 101, 102, 103, 199})
  void anInterimAnswerNeitherBeginsNorEndsIt(int status) {
    assertThat(FinalAnswers.begins(whole(status))).isFalse();
    assertThat(FinalAnswers.ends(whole(status))).isFalse();
    assertThat(FinalAnswers.begins(head(status))).isFalse();
  }

  @Test
  void itsLastContentEndsIt() {
    assertThat(FinalAnswers.ends(LastHttpContent.EMPTY_LAST_CONTENT)).isTrue();
    assertThat(FinalAnswers.begins(LastHttpContent.EMPTY_LAST_CONTENT)).isFalse();
    assertThat(FinalAnswers.ends(new DefaultHttpContent(Unpooled.EMPTY_BUFFER))).isFalse();
  }
}
