package io.evenkeel.http.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// The bound is 64 requests. The tasks of the event loop run when the test says so, and its clock
/// stands still otherwise.
class RequestsUnderWayTest {
  private static final int BOUND = 64;

  private final EmbeddedChannel loop = new EmbeddedChannel();
  private boolean someInLine;
  private boolean timeWasLeft = true;
  private final RequestsUnderWay underWay =
      RequestsUnderWay.ofTraining(
          loop.eventLoop(), new UnderWayBound(() -> !someInLine, () -> timeWasLeft));
  private final RequestsUnderWay ofRefused = RequestsUnderWay.ofRefused(loop.eventLoop());

  RequestsUnderWayTest() {
    loop.freezeTime();
  }

  @AfterEach
  void close() {
    loop.close();
  }

  private ReceivedRequest begun(Channel connection, boolean whole) {
    ReceivedRequest request = inLine(connection, whole);
    RequestsUnderWay.begin(request);
    return request;
  }

  private ReceivedRequest inLine(Channel connection, boolean whole) {
    RequestsUnderWay.come(connection, true);
    ReceivedRequest request = new ReceivedRequest(connection, whole);
    underWay.enter(request);
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
    return requests.stream().filter(RequestsUnderWayTest::isRead).count();
  }

  @Test
  void fewConnectionsAreReadOn() {
    List<ReceivedRequest> requests = begun(BOUND);
    requests.forEach(ReceivedRequest::end);
    assertThat(read(requests)).isEqualTo(BOUND);
  }

  /// A connection whose client has sent its next request already.
  private EmbeddedChannel eager(String name, List<String> read) {
    AtomicBoolean isOpen = new AtomicBoolean();
    EmbeddedChannel connection =
        new EmbeddedChannel(
            new ChannelOutboundHandlerAdapter() {
              @Override
              public void read(ChannelHandlerContext context) {
                if (isOpen.get()) {
                  read.add(name);
                  begun(context.channel(), true);
                }
              }
            });
    isOpen.set(true);
    return connection;
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
  void requestsThatWaitForTheirTurnCountHoweverSlowTheirBodiesAre() {
    timeWasLeft = false;
    List<ReceivedRequest> waiting =
        Stream.generate(() -> inLine(new EmbeddedChannel(), false)).limit(BOUND).toList();
    ReceivedRequest request = begun(1).getFirst();
    request.end();
    pass(50);
    assertThat(isRead(request)).isFalse();
    waiting.forEach(RequestsUnderWay::begin);
    pass(10);
    assertThat(isRead(request)).isTrue();
  }

  /// A long body needs a few looks at the network, even if it is there.
  @Test
  void bodiesThatHaveBegunCountForAWhile() {
    List<ReceivedRequest> coming =
        Stream.generate(() -> begun(new EmbeddedChannel(), false)).limit(BOUND).toList();
    ReceivedRequest request = begun(1).getFirst();
    request.end();
    pass(4);
    assertThat(isRead(request)).isFalse();
    pass(6);
    assertThat(isRead(request)).isTrue();
    ReceivedRequest next = begun(1).getFirst();
    coming.getFirst().comeWhole(); // too late to count
    next.end();
    assertThat(isRead(next)).isTrue();
  }

  @Test
  void bodiesThatHaveComeWholeMeanwhileCountOn() {
    List<ReceivedRequest> coming =
        Stream.generate(() -> begun(new EmbeddedChannel(), false)).limit(BOUND).toList();
    ReceivedRequest request = begun(1).getFirst();
    request.end();
    pass(4);
    coming.forEach(ReceivedRequest::comeWhole);
    pass(44);
    assertThat(isRead(request)).isFalse();
    coming.getFirst().end();
    goOn();
    assertThat(isRead(request)).isTrue();
  }

  /// Who reads the rest of its body decides whether the connection is read.
  @Test
  void aConnectionWhoseBodyStillComesIsLeftAlone() {
    begun(BOUND);
    ReceivedRequest answeredEarly = begun(new EmbeddedChannel(), false);
    answeredEarly.end();
    assertThat(isRead(answeredEarly)).isTrue();
  }

  @Test
  void refusedConnectionsAreReadAgainWhenThereIsRoom() {
    List<ReceivedRequest> requests = begun(BOUND);
    Channel refused = new EmbeddedChannel();
    RequestsUnderWay.come(refused, true);
    underWay.refuse(refused);
    goOn();
    assertThat(refused.config().isAutoRead()).isFalse();
    requests.getFirst().end();
    goOn();
    assertThat(refused.config().isAutoRead()).isTrue();
  }

  @Test
  void refusedConnectionsAreReadAgainEvenIfNothingIsUnderWay() {
    Channel refused = new EmbeddedChannel();
    underWay.refuse(refused);
    goOn();
    assertThat(refused.config().isAutoRead()).isFalse();
    pass(5);
    assertThat(refused.config().isAutoRead()).isTrue();
  }

  /// Reactor Netty asks for each read.
  @Test
  void whoeverIsReadOnDemandIsAskedOnce() {
    List<String> read = new ArrayList<>();
    Channel refused = eager("refused", read);
    refused.config().setAutoRead(false);
    underWay.refuse(refused);
    pass(5);
    assertThat(read).containsExactly("refused");
    assertThat(refused.config().isAutoRead()).isFalse();
  }

  @Test
  void aConnectionWithOtherRequestsIsAlwaysRead() {
    List<ReceivedRequest> requests = begun(BOUND + 1);
    RequestsUnderWay.come(requests.getFirst().channel(), false);
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

  private List<ReceivedRequest> answered() {
    List<ReceivedRequest> answered = begun(3 * BOUND).subList(0, 2 * BOUND);
    answered.forEach(ReceivedRequest::end);
    return answered;
  }

  @Test
  void moreAreUnderWayWhileAllWaitForASlowStorage() {
    List<ReceivedRequest> answered = answered();
    pass(49);
    assertThat(read(answered)).isZero();
    pass(51);
    assertThat(read(answered)).isGreaterThanOrEqualTo(BOUND);
  }

  /// The event loop has work: more requests would only wait.
  @Test
  void theBoundStaysWhileSomeWaitForTheirTurn() {
    someInLine = true;
    List<ReceivedRequest> answered = answered();
    pass(200);
    assertThat(read(answered)).isZero();
  }

  /// So have other threads, though few are answered, since each takes long.
  @Test
  void theBoundStaysWhileTheProcessorsAreBusy() {
    timeWasLeft = false;
    List<ReceivedRequest> answered = answered();
    pass(200);
    assertThat(read(answered)).isZero();
  }

  private ReceivedRequest inference(Channel connection) {
    RequestsUnderWay.come(connection, false);
    ReceivedRequest request = new ReceivedRequest(connection, true);
    ofRefused.enter(request);
    RequestsUnderWay.begin(request);
    return request;
  }

  private Channel refusedInference() {
    Channel refused = new EmbeddedChannel();
    RequestsUnderWay.come(refused, false);
    ofRefused.refuse(refused);
    return refused;
  }

  @Test
  void connectionsWhoseInferenceWasRefusedAreBoundedWhateverTheySend() {
    List<Channel> refused = Stream.generate(this::refusedInference).limit(BOUND + 2).toList();
    pass(5);
    List<ReceivedRequest> requests = refused.stream().limit(BOUND).map(this::inference).toList();
    pass(5);
    List<ReceivedRequest> more = refused.stream().skip(BOUND).map(this::inference).toList();
    more.forEach(ReceivedRequest::end);
    pass(100);
    assertThat(read(more)).isZero();
    requests.getFirst().end();
    goOn();
    assertThat(read(more)).isPositive();
  }

  /// Training waits for the storage, maybe for long.
  @Test
  void refusedInferenceDoesNotWaitForTraining() {
    begun(2 * BOUND);
    Channel refused = refusedInference();
    pass(5);
    assertThat(refused.config().isAutoRead()).isTrue();
  }

  @Test
  void oneConnectionThatBringsBothWaitsForOneOfThemAtATime() {
    List<ReceivedRequest> training = begun(BOUND + 1);
    Channel connection = training.getFirst().channel();
    training.getFirst().end();
    assertThat(connection.config().isAutoRead()).isFalse();
    connection.config().setAutoRead(true); // what it had sent ahead
    RequestsUnderWay.come(connection, false);
    ofRefused.refuse(connection);
    training.get(1).end();
    training.get(2).end();
    goOn();
    assertThat(connection.config().isAutoRead()).isFalse();
    pass(5);
    assertThat(connection.config().isAutoRead()).isTrue();
  }

  /// Nobody else would have it read.
  @Test
  void aMixedConnectionWhoseTrainingWasRefusedIsReadAtOnce() {
    List<String> read = new ArrayList<>();
    Channel refused = eager("refused", read);
    refused.config().setAutoRead(false);
    RequestsUnderWay.come(refused, false);
    RequestsUnderWay.come(refused, true);
    underWay.refuse(refused);
    assertThat(read).containsExactly("refused");
  }
}
