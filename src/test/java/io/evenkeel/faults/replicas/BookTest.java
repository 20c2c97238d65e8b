package io.evenkeel.faults.replicas;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The book notices each fault that replicas could have. Version 1 is the creation.
class BookTest {
  private static final List<Long> CREATION = List.of(1L);

  private final Book book = new Book();

  @BeforeEach
  void threeBatchesAreAcknowledged() {
    enter("a", 2);
    enter("b", 3);
    enter("c", 4);
  }

  private void enter(String key, long version) {
    book.sent(key);
    book.acknowledged(key, version);
  }

  @Test
  void batchesThatCountOnceAreNoFault() {
    assertThat(book.faults(CREATION, 4, 3)).isEmpty();
    assertThat(book.acknowledged()).isEqualTo(3);
  }

  @Test
  void aRepetitionThatIsToldTheSameVersionIsNoFault() {
    book.acknowledged("b", 3);
    assertThat(book.faults(CREATION, 4, 3)).isEmpty();
    assertThat(book.repeated()).isEqualTo(1);
  }

  @Test
  void aBatchThatCountedTwiceShowsAsAVersionThatNobodyMade() {
    assertThat(book.faults(CREATION, 5, 4))
        .containsExactlyInAnyOrder("nobody made version 5", "4 batches count, 3 were sent");
  }

  @Test
  void aKeyThatCountedTwiceShowsAsTwoVersions() {
    book.acknowledged("a", 5);
    assertThat(book.faults(CREATION, 5, 4)).contains("a made version 2, and again version 5");
  }

  @Test
  void anAcknowledgedBatchThatIsLostShows() {
    assertThat(book.faults(CREATION, 3, 2))
        .containsExactlyInAnyOrder("c made version 4 of 3", "2 batches count, 3 were sent");
  }

  @Test
  void twoReplicasThatWroteTheSameVersionShow() {
    enter("d", 4);
    assertThat(book.faults(CREATION, 4, 3))
        .hasSize(2)
        .anyMatch(fault -> fault.matches("[cd] and [cd] both made version 4"));
  }

  @Test
  void aBatchWithoutAnAnswerIsOpenUntilItIsSentAgain() {
    book.sent("d");
    assertThat(book.open()).containsExactly("d");
    assertThat(book.faults(CREATION, 5, 4))
        .contains("of 1 batches nobody knows whether they count");
    book.acknowledged("d", 5);
    assertThat(book.faults(CREATION, 5, 4)).isEmpty();
  }

  @Test
  void anAnswerToNothingShows() {
    book.acknowledged("z", 5);
    assertThat(book.faults(CREATION, 5, 4)).contains("z was acknowledged and never sent");
  }
}
