package io.evenkeel.http.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The bound is 64 requests. The tasks of the event loop run when the test says so, and its clock
/// stands still otherwise.
class TrainingUnderWayTest {
  private static final int BOUND = 64;

  private final EmbeddedChannel loop = new EmbeddedChannel();
  private int inLine;
  private final TrainingUnderWay underWay = new TrainingUnderWay(loop.eventLoop(), () -> inLine);

  TrainingUnderWayTest() {
    loop.freezeTime();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private ReceivedRequest begun(Channel connection, boolean whole) {
    TrainingUnderWay.come(connection, true);
    ReceivedRequest request = new ReceivedRequest(connection, whole);
    underWay.begin(request);
    return request;
  }

  private List<ReceivedRequest> begun(int requests) {
    return Stream.generate(() -> begun(new EmbeddedChannel(), true)).limit(requests).toList();
  }

  /// The loop has looked at the network, and runs the tasks that are due.
  private void goOn() {
    loop.runScheduledPendingTasks();
  }

  private void pass(int milliseconds) {
    for (int i = 0; i < milliseconds; i++) {
      loop.advanceTimeBy(1, TimeUnit.MILLISECONDS);
      goOn();
    }
  }

  private static boolean isRead(ReceivedRequest request) {
    return request.channel().config().isAutoRead();
  }

  private static long read(List<ReceivedRequest> requests) {
    return requests.stream().filter(TrainingUnderWayTest::isRead).count();
  }

  @Test
  void fewConnectionsAreReadOn() {
    List<ReceivedRequest> requests = begun(BOUND);
    requests.forEach(ReceivedRequest::end);
    assertThat(read(requests)).isEqualTo(BOUND);
  }

  /// A connection whose client has sent its next request already.
  private EmbeddedChannel eager(String name, List<String> read) {
    return new EmbeddedChannel(
        new ChannelOutboundHandlerAdapter() {
          @Override
          public void read(ChannelHandlerContext context) {
            if (context.channel().hasAttr(TrainingUnderWay.SENDER)) {
              read.add(name);
              begun(context.channel(), true);
            }
          }
        });
  }

  @Test
  void connectionsBeyondTheBoundAreReadInTheOrderOfTheirAnswers() {
    List<String> read = new ArrayList<>();
    ReceivedRequest first = begun(eager("first", read), true);
    ReceivedRequest second = begun(eager("second", read), true);
    List<ReceivedRequest> others = begun(BOUND);
    second.end();
    first.end();
    goOn();
    assertThat(read).isEmpty();
    assertThat(isRead(first)).isFalse();
    others.getFirst().end();
    goOn();
    assertThat(read).containsExactly("second");
    others.getLast().end();
    goOn();
    assertThat(read).containsExactly("second", "first");
    assertThat(isRead(others.getFirst())).isFalse();
  }

  @Test
  void requestsThatWaitForTheirTurnCount() {
    inLine = BOUND;
    ReceivedRequest request = begun(1).getFirst();
    request.end();
    assertThat(isRead(request)).isFalse();
    goOn();
    assertThat(isRead(request)).isFalse();
    inLine = BOUND - 1;
    ReceivedRequest next = begun(1).getFirst();
    next.end();
    goOn();
    assertThat(isRead(request)).isTrue();
  }

  @Test
  void slowBodiesKeepNobodyWaiting() {
    for (int i = 0; i < 2 * BOUND; i++) {
      begun(new EmbeddedChannel(), false);
    }
    ReceivedRequest request = begun(1).getFirst();
    request.end();
    assertThat(isRead(request)).isTrue();
  }

  @Test
  void aConnectionWithOtherRequestsIsAlwaysRead() {
    List<ReceivedRequest> requests = begun(BOUND + 1);
    TrainingUnderWay.come(requests.getFirst().channel(), false);
    requests.getFirst().end();
    assertThat(isRead(requests.getFirst())).isTrue();
  }

  /// Nobody tells whether a connection that is not read has sent anything.
  @Test
  void allAreReadAgainOnceNothingIsUnderWay() {
    List<ReceivedRequest> requests = begun(5 * BOUND);
    requests.forEach(ReceivedRequest::end);
    assertThat(read(requests)).isZero();
    goOn();
    assertThat(read(requests)).isGreaterThanOrEqualTo(BOUND);
    pass(1);
    assertThat(read(requests)).isEqualTo(5 * BOUND);
  }

  @Test
  void aConnectionThatIsGoneTakesNoPlace() {
    List<ReceivedRequest> requests = begun(BOUND + 1);
    requests.get(0).end();
    requests.get(1).end();
    requests.get(0).channel().close();
    goOn();
    assertThat(isRead(requests.get(1))).isTrue();
  }

  /// A client that sends ahead: its next request was received with the one before. Who reads its
  /// body decides whether the connection is read.
  @Test
  void aConnectionWhoseNextRequestHasComeIsLeftAlone() {
    List<ReceivedRequest> requests = begun(BOUND + 1);
    ReceivedRequest first = requests.getFirst();
    first.end();
    begun(first.channel(), false);
    requests.subList(1, requests.size()).forEach(ReceivedRequest::end);
    pass(1);
    assertThat(isRead(first)).isFalse();
  }

  @Test
  void moreAreUnderWayWhileAllWaitForASlowStorage() {
    List<ReceivedRequest> requests = begun(3 * BOUND);
    List<ReceivedRequest> answered = requests.subList(0, 2 * BOUND);
    answered.forEach(ReceivedRequest::end);
    pass(4);
    assertThat(read(answered)).isZero();
    pass(11);
    assertThat(read(answered)).isGreaterThanOrEqualTo(BOUND);
  }

  /// The event loop has work: more requests would only wait.
  @Test
  void theBoundStaysWhileSomeWaitForTheirTurn() {
    inLine = 1;
    List<ReceivedRequest> requests = begun(3 * BOUND);
    List<ReceivedRequest> answered = requests.subList(0, 2 * BOUND);
    answered.forEach(ReceivedRequest::end);
    pass(50);
    assertThat(read(answered)).isZero();
  }
}
