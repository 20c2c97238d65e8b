package io.evenkeel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SendersTest {
  private final Channel channel = new EmbeddedChannel();
  private final Senders senders = new Senders();

  @Test
  void eachIsKnownByWhatSaysWhoSends() {
    Map<String, String> key = Map.of("Authorization", "Bearer one");
    senders.remember(channel, key::get, "one");
    senders.remember(channel, Map.of("X-API-Key", "two")::get, "two");
    senders.remember(channel, Map.of("X-Forwarded-For", "203.0.113.3")::get, "three");
    assertThat(senders.client(channel, key::get)).contains("one");
    assertThat(senders.client(channel, Map.of("X-API-Key", "two")::get)).contains("two");
    assertThat(senders.client(channel, Map.of("X-Forwarded-For", "203.0.113.3")::get))
        .contains("three");
    assertThat(senders.client(channel, Map.of("Authorization", "Bearer two")::get)).isEmpty();
    assertThat(senders.client(channel, _ -> null)).isEmpty();
  }

  @Test
  void whoSendsLastUnderTheSameWordsIsMeant() {
    senders.remember(channel, _ -> null, "before");
    senders.remember(channel, _ -> null, "now");
    assertThat(senders.client(channel, _ -> null)).contains("now");
  }

  @Test
  void aMillionTokensAreNotKept() {
    for (int i = 0; i < 10_001; i++) {
      String token = "Bearer " + i;
      senders.remember(channel, Map.of("Authorization", token)::get, token);
    }
    assertThat(senders.client(channel, Map.of("Authorization", "Bearer 0")::get)).isEmpty();
    assertThat(senders.client(channel, Map.of("Authorization", "Bearer 10000")::get))
        .contains("Bearer 10000");
  }
}
