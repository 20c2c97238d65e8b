package io.evenkeel.http.load;

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
    senders.remember(channel, key::get, "one", 0);
    senders.remember(channel, Map.of("X-API-Key", "two")::get, "two", 0);
    senders.remember(channel, Map.of("X-Forwarded-For", "203.0.113.3")::get, "three", 0);
    assertThat(senders.client(channel, key::get, 0)).contains("one");
    assertThat(senders.client(channel, Map.of("X-API-Key", "two")::get, 0)).contains("two");
    assertThat(senders.client(channel, Map.of("X-Forwarded-For", "203.0.113.3")::get, 0))
        .contains("three");
    assertThat(senders.client(channel, Map.of("Authorization", "Bearer two")::get, 0)).isEmpty();
    assertThat(senders.client(channel, _ -> null, 0)).isEmpty();
  }

  @Test
  void whoSendsLastUnderTheSameWordsIsMeant() {
    senders.remember(channel, _ -> null, "before", 0);
    senders.remember(channel, _ -> null, "now", 0);
    assertThat(senders.client(channel, _ -> null, 0)).contains("now");
  }

  @Test
  void afterTenSecondsSomebodyHasToLookAgain() {
    senders.remember(channel, _ -> null, "a", 0);
    assertThat(senders.client(channel, _ -> null, 9_999_999_999L)).contains("a");
    assertThat(senders.client(channel, _ -> null, 10_000_000_000L)).isEmpty();
    senders.remember(channel, _ -> null, "a", 6_000_000_000L);
    assertThat(senders.client(channel, _ -> null, 10_000_000_000L)).contains("a");
  }

  @Test
  void aMillionTokensAreNotKept() {
    for (int i = 0; i < 10_001; i++) {
      String token = "Bearer " + i;
      senders.remember(channel, Map.of("Authorization", token)::get, token, 0);
    }
    assertThat(senders.client(channel, Map.of("Authorization", "Bearer 0")::get, 0)).isEmpty();
    assertThat(senders.client(channel, Map.of("Authorization", "Bearer 10000")::get, 0))
        .contains("Bearer 10000");
  }
}
