package io.evenkeel.surface.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.evenkeel.PackagedService;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The page of the packaged jar in a real browser, as people use it.
class DashboardIT {
  private static final Path TABLE = Path.of("config/sample/breast-cancer.csv");
  private static final String AXE = "META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";
  private static final Path PICTURES = Path.of("target/pictures");
  private static final String NORMALIZERS = "/api/v1/normalizers/";
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /// A key for each role: the hashes are what `printf %s reader-key | sha256sum` prints, and so on.
  private static final String KEYS =
      "rita reader sha256:ec4408df15da46b328f6f3246fa723d0aa6cb0f0a0dd9c4626080ab1b02aa3b2,"
          + "tom trainer sha256:ba8ceace604d9df838a4e88887c52e0d12b90c6712eb7c1b497012e38b0a7677,"
          + "ada admin sha256:69a5265506c94c77b787a7d7377b7685a0eff82e33920a71e7ee22cd6154953e";

  @TempDir private static Path directory;

  private static Optional<PackagedService> service = Optional.empty();
  private static Optional<Browser> browser = Optional.empty();

  @BeforeAll
  static void start() throws IOException, InterruptedException {
    Optional<String> program = Browser.installed();
    if (program.isEmpty()) {
      System.err.println(
          "SKIPPED: the page is not tried in a browser, since there is no chromium here"
              + " (apt-get install chromium).");
    }
    assumeThat(program).isPresent();
    service =
        Optional.of(
            PackagedService.start(
                directory.resolve("store"), directory.resolve("service.log").toFile()));
    browser = Optional.of(Browser.start(program.get(), directory.resolve("profile")));
  }

  @AfterAll
  static void stop() {
    browser.ifPresent(Browser::close);
    service.ifPresent(PackagedService::close);
  }

  /// Nothing failed on the page, and nothing was kept from loading by the content security policy.
  /// An answer of the service that is not 2xx is told to the console, too.
  @AfterEach
  void theConsoleHasNoError() {
    if (browser.isPresent()) {
      assertThat(browser.get().complaints())
          .filteredOn(complaint -> !complaint.startsWith("network: "))
          // axe reads colours back
          .filteredOn(complaint -> !complaint.startsWith("rendering: Canvas2D"))
          .isEmpty();
    }
  }

  private static Browser browser() {
    return browser.orElseThrow();
  }

  private static PackagedService service() {
    return service.orElseThrow();
  }

  private static void open(String place) {
    open(service(), place);
  }

  private static void open(PackagedService of, String place) {
    browser().open("http://localhost:" + of.port() + "/" + place);
  }

  private static JsonNode ask(String method, String path, String body)
      throws IOException, InterruptedException {
    var answer = service().send(method, path, body);
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 299);
    return JSON.readTree(answer.body());
  }

  private static JsonNode view(String name) throws IOException, InterruptedException {
    return JSON.readTree(service().get(NORMALIZERS + name).body());
  }

  /// By hand: the values 1, 3, 5 have the mean 3 and the deviation 2.
  private static void trained(String name) throws IOException, InterruptedException {
    ask("PUT", NORMALIZERS + name, "{\"features\": [{\"name\": \"width\"}]}");
    ask("POST", NORMALIZERS + name + ":observe", "{\"rows\": [[1], [3], [5]]}");
  }

  /// An expression for what stands below a term of a normalizer's facts.
  private static String fact(String term) {
    return "[...document.querySelectorAll('dt')].find(t => t.innerText === '"
        + term
        + "')?.nextSibling.innerText";
  }

  private static void see(String text) {
    browser().until("document.body.innerText.includes(" + JSON.writeValueAsString(text) + ")");
  }

  @Test
  void aTableThatIsDroppedIsSeenBeforeAndAfter() throws Exception {
    browser().look(1000, 860, false);
    open("#/");
    see("Drop a CSV here");
    browser().choose(TABLE);
    see("Make a normalizer of this file");
    browser().press("Make it");
    browser().until("document.querySelectorAll('figure path.hill').length === 8");
    assertThat(view("breast-cancer").path("rows").asInt()).isEqualTo(569);
    assertThat(browser().text()).contains("569 rows", "Before", "After");
    browser().press("sigmoid");
    see("sigmoid behind normalising");
    // without normalising all values are far above 4, where the slope is below a twentieth
    assertThat(browser().text()).contains("sigmoid without normalising: 100 % are saturated");
    String share = "/behind normalising: (< )?([0-9.]+) % are saturated/";
    assertThat(browser().eval(share + ".exec(document.body.innerText)[2]").asString())
        .satisfies(text -> assertThat(Double.parseDouble(text)).isLessThan(5));
    browser().picture(PICTURES.resolve("before-and-after.png"));
  }

  @Test
  void whatAnAdminDoesIsAskedForAndDone() throws Exception {
    trained("commanded");
    browser().look(1280, 900, false);
    open("#/n/commanded/snapshots");
    browser().press("Freeze");
    see("Freeze commanded?");
    browser().type("dialog input[name=reason]", "trained enough");
    assertThat(view("commanded").path("frozen").isNull()).isTrue();
    browser().press("Freeze");
    see("Unfreeze");
    assertThat(view("commanded").at("/frozen/reason").asString()).isEqualTo("trained enough");
    browser().press("Unfreeze");
    see("Unfreeze commanded?");
    browser().press("Unfreeze");
    browser().until("[...document.querySelectorAll('button')].some(b => b.innerText === 'Freeze')");

    browser().press("Snapshot");
    browser().type("dialog input[name=label]", "monday");
    browser().press("Take it");
    see("monday");
    ask("POST", NORMALIZERS + "commanded:observe", "{\"rows\": [[11], [13], [15]]}");
    browser().press("Serve");
    browser().press("Serve it");
    see("serves");
    assertThat(view("commanded").path("servingSnapshot").asString()).isEqualTo("monday");
    // by hand: the means are 3 and 8, and the variance is 166 / 5
    see("-0.8678");
    browser().press("Restore");
    browser().press("Restore it");
    browser().until("!document.querySelector('dialog')");
    Browser.await(
        "restored",
        () -> {
          try {
            return view("commanded").path("rows").asInt() == 3;
          } catch (InterruptedException e) {
            throw new IOException(e);
          }
        });
    browser().press("Reset");
    see("Reset commanded?");
    browser().press("Cancel");
    browser().until("!document.querySelector('dialog')");
    assertThat(view("commanded").path("rows").asInt()).isEqualTo(3);
    browser().press("Reset");
    browser().eval("[...document.querySelectorAll('dialog button')].at(-1).click()");
    see("no rows yet");
    assertThat(view("commanded").path("rows").asInt()).isZero();
    open("#/n/commanded/audit");
    see("trained enough");
  }

  @Test
  void rowsThatArePastedAreSeenBesideTheRawOnes() throws Exception {
    trained("played");
    open("#/n/played/playground");
    browser().type("#rows", "width\n2\n7\n");
    see("Content-Type: text/csv");
    browser().press("Normalise");
    browser().until("document.querySelectorAll('table.beside tbody tr').length === 2");
    assertThat(
            browser()
                .eval("[...document.querySelectorAll('table.beside td')].map(c => c.innerText)+''")
                .asString())
        .isEqualTo("2,-0.5,7,2");
    browser().type("#rows", "{\"rows\": [[2], \"x\"]}");
    browser().press("Normalise");
    browser().until("document.querySelector('.problem')");
    browser().press("Python");
    see("urllib.request");
    browser().press("Java");
    see("HttpClient.newHttpClient()");
  }

  /// Of 40,000 rows four are no numbers; the file is longer than a part.
  @Test
  void aFileIsCountedAndItsBadRowsAreShown() throws Exception {
    ask("PUT", NORMALIZERS + "imported", "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}");
    String rows =
        IntStream.range(0, 40_000)
            .mapToObj(i -> i % 13_000 == 7 ? "oops " + i + ",1" : i + ".12345678901234567890123,1")
            .collect(Collectors.joining("\n"));
    Path file = Files.writeString(directory.resolve("long.csv"), "a,b\n" + rows + "\n");
    assertThat(Files.size(file)).isGreaterThan(1 << 20);
    open("#/n/imported/import");
    browser().choose(file);
    see("Counted.");
    see("4 rows refused and left out");
    // the place in the file, from 1 and without the header
    assertThat(browser().text()).contains("13,008", "oops 13007,1", "not-a-number");
    assertThat(view("imported").path("rows").asInt()).isEqualTo(39_996);
    open("#/n/imported/import");
    browser().choose(file);
    see("were not counted again");
    assertThat(view("imported").path("rows").asInt()).isEqualTo(39_996);
  }

  @Test
  void whatOthersTrainIsSeenWithoutLoadingAgain() throws Exception {
    trained("live");
    open("#/n/live");
    see("3");
    ask("POST", NORMALIZERS + "live:observe", "{\"rows\": [[1000], [1000]]}");
    // by hand: (1 + 3 + 5 + 1000 + 1000) / 5
    see("401.8");
  }

  /// A hundred rows of two features of mean 0 and deviation 1, the second one moved.
  private static String normalRows(Random random, double shift) {
    return IntStream.range(0, 100)
        .mapToObj(_ -> "[" + random.nextGaussian() + "," + (random.nextGaussian() + shift) + "]")
        .collect(Collectors.joining(",", "{\"rows\": [", "]}"));
  }

  private static void send(String name, String verb, int batches, double shift) throws Exception {
    Random random = new Random(18);
    for (int i = 0; i < batches; i++) {
      ask("POST", NORMALIZERS + name + verb, normalRows(random, shift));
    }
  }

  @Test
  void driftIsSeenWithoutLoadingAgain() throws Exception {
    String freeze = "/api/v1/admin/normalizers/drifter:freeze";
    ask(
        "PUT",
        NORMALIZERS + "drifter",
        "{\"features\": [{\"name\": \"age\"}, {\"name\": \"sum\"}]}");
    send("drifter", ":observe", 20, 0);
    browser().look(1280, 900, false);
    open("#/");
    browser().type("#search", "drifter");
    String cell = "document.querySelector('tr[data-name=drifter] td:nth-of-type(2)')?.innerText";
    browser().until(cell + " === '–'");
    ask("POST", freeze, "{}");
    send("drifter", ":normalize", 20, 0);
    browser().until(cell + " === 'none'");
    send("drifter", ":normalize", 20, 1);
    browser().until(cell + " === '1 feature'");
    String title = "document.querySelector('tr[data-name=drifter] .warn').title";
    assertThat(browser().eval(title).asString()).isEqualTo("sum");

    open("#/n/drifter");
    browser().until(fact("Drift") + " === '1 feature'");
    see("1 feature drifted");
    browser().picture(PICTURES.resolve("drift.png"));
    ask("POST", "/api/v1/admin/normalizers/drifter:unfreeze", "{}");
    browser().until("![...document.querySelectorAll('dt')].some(t => t.innerText === 'Drift')");
    see("There is nothing to compare with.");
    ask("POST", freeze, "{}");
    send("drifter", ":normalize", 20, 1);
    browser().until(fact("Drift") + " === '1 feature'");
  }

  /// The first and the third row of the file that pandas wrote have values.
  @Test
  void anArrowFileMakesANormalizerAndIsCounted() throws Exception {
    browser().look(1280, 900, false);
    Path file = Path.of("src/test/resources/arrow/pandas.arrow");
    open("#/");
    browser().choose(file);
    see("Make a normalizer of this file");
    browser().press("Make it");
    browser().until("location.hash === '#/n/pandas/distribution'");
    see("The service keeps statistics and no rows.");
    assertThat(view("pandas").path("rows").asInt()).isEqualTo(3);
    open("#/n/pandas/features");
    // by hand: the mean of 1.5 and 3.5
    see("2.5");
    open("#/n/pandas/import");
    browser().choose(file);
    see("had been counted before");
    assertThat(view("pandas").path("rows").asInt()).isEqualTo(3);
  }

  /// Over a line of 300 kB/s a part takes some seconds: it is stopped after the first.
  @Test
  void anImportThatIsStoppedGoesOnWhereItWas() throws Exception {
    ask("PUT", NORMALIZERS + "stopped", "{\"features\": [{\"name\": \"a\"}, {\"name\": \"b\"}]}");
    int rows = 200_000;
    String lines =
        IntStream.range(0, rows)
            .mapToObj(i -> i + ".123456,1")
            .collect(Collectors.joining("\n", "a,b\n", "\n"));
    Path file = Files.writeString(directory.resolve("stopped.csv"), lines);
    open("#/n/stopped/import");
    browser().slow(300_000);
    try {
      browser().choose(file);
      browser().until("/ rows\\/s/.test(document.querySelector('.figures')?.innerText)");
      browser().press("Stop");
      see("Stopped.");
    } finally {
      browser().slow(-1);
    }
    assertThat(browser().text()).contains("send the same file again to go on");
    assertThat(view("stopped").path("rows").asInt()).isBetween(50_000, rows - 1);
    open("#/n/stopped/import");
    browser().choose(file);
    see("had been counted before");
    assertThat(view("stopped").path("rows").asInt()).isEqualTo(rows);
  }

  @Test
  void lightAndDarkAreSwitchedAndKeptWhileTheTabIsOpen() throws Exception {
    trained("themed");
    browser().look(1280, 900, false);
    open("#/n/themed");
    browser().until("document.querySelector('.curve canvas')");
    try {
      assertGround("rgb(246, 248, 248)");
      browser().eval("document.getElementById('theme').click()");
      assertGround("rgb(14, 22, 25)");
      assertThat(browser().eval("document.getElementById('said').textContent").asString())
          .isEqualTo("dark colours");
      browser().until("document.querySelectorAll('.curve canvas').length === 1");
      open("#/n/themed/features");
      see("width");
      assertGround("rgb(14, 22, 25)");
      assertThat(violations(resource(AXE))).isEqualTo("[]");
      browser().eval("document.getElementById('theme').click()");
      assertGround("rgb(246, 248, 248)");
      // what was chosen counts, whatever the system likes
      browser().look(1280, 900, true);
      assertGround("rgb(246, 248, 248)");
    } finally {
      browser().eval("sessionStorage.removeItem('evenkeel.theme')");
    }
    open("#/n/themed");
    assertGround("rgb(14, 22, 25)");
  }

  private static void assertGround(String colour) {
    browser().until("getComputedStyle(document.body).backgroundColor === '" + colour + "'");
  }

  @Test
  void amongManyNormalizersOneIsFound() throws Exception {
    for (int i = 0; i < 120; i++) {
      ask("PUT", NORMALIZERS + "many-%03d".formatted(i), "{\"featureCount\": 1}");
    }
    open("#/");
    browser().type("#search", "many-");
    browser().until("document.querySelector('tbody tr')?.dataset.name === 'many-000'");
    browser().press("Next");
    see("many-099");
    browser().press("Next");
    browser().until("document.querySelectorAll('tbody tr').length === 20");
    browser().press("Previous");
    see("many-050");
    browser().type("#search", "many-11");
    browser().until("document.querySelectorAll('tbody tr').length === 10");
    browser().type("#search", "nobody");
    see("No name begins with");
  }

  @Test
  void aKeyboardIsEnough() throws Exception {
    trained("by-keyboard");
    open("#/n/by-keyboard");
    see("Freeze");
    browser().eval("document.activeElement.blur()");
    browser().key("Tab", 9);
    assertThat(focused()).isEqualTo("Skip to the content");
    browser().key("Enter", 13);
    assertThat(browser().eval("document.activeElement.id").asString()).isEqualTo("main");
    for (int i = 0; i < 40 && !focused().equals("Snapshot"); i++) {
      browser().key("Tab", 9);
    }
    browser().key("Enter", 13);
    browser().until("document.querySelector('dialog')?.contains(document.activeElement)");
    browser().key("Escape", 27);
    browser().until("!document.querySelector('dialog')");
    assertThat(focused()).isEqualTo("Snapshot");
  }

  private static String focused() {
    return browser().eval("document.activeElement.textContent.trim()").asString();
  }

  /// Three of the looks; with `-Dpage.looks=all` all of them.
  static List<Arguments> looks() {
    if (!"all".equals(System.getProperty("page.looks"))) {
      return List.of(
          Arguments.of(1, 400, false),
          Arguments.of(64, 1200, true),
          Arguments.of(1000, 2000, false));
    }
    List<Arguments> all = new ArrayList<>();
    for (int features : List.of(1, 64, 1000)) {
      for (int width : List.of(400, 1200, 2000)) {
        all.add(Arguments.of(features, width, false));
        all.add(Arguments.of(features, width, true));
      }
    }
    return all;
  }

  /// A page of its own for each number of features, at each width, in light and dark.
  @ParameterizedTest
  @MethodSource("looks")
  void allPartsFitTheWindowAndAreForEverybody(int features, int width, boolean dark)
      throws Exception {
    String name = "wide-" + features;
    if (service().get(NORMALIZERS + name).statusCode() == 404) {
      Random random = new Random(features);
      ask("PUT", NORMALIZERS + name, "{\"featureCount\": %d}".formatted(features));
      String rows =
          IntStream.range(0, 50)
              .mapToObj(_ ->
                  IntStream.range(0, features)
                      .mapToObj(j -> Double.toString(j + random.nextGaussian() * (j + 1)))
                      .collect(Collectors.joining(",", "[", "]")))
              .collect(Collectors.joining(",", "{\"rows\": [", "]}"));
      ask("POST", NORMALIZERS + name + ":observe", rows);
      ask("POST", "/api/v1/admin/normalizers/" + name + "/snapshots", "{\"label\": \"first\"}");
    }
    browser().look(width, 900, dark);
    String axe = resource(AXE);
    for (String part :
        List.of(
            "",
            "overview",
            "distribution",
            "features",
            "gamma",
            "snapshots",
            "audit",
            "playground",
            "import")) {
      open(part.isEmpty() ? "#/" : "#/n/" + name + "/" + part);
      browser().until("!document.querySelector('.waiting') && document.querySelector('h1')");
      if (part.equals("playground")) {
        browser().type("#rows", "{\"rows\": [[" + "1,".repeat(features - 1) + "1]]}");
        browser().press("Normalise");
        browser().until("document.querySelector('table.beside')");
      }
      String where = name + " " + part + " at " + width + (dark ? ", dark" : ", light");
      assertThat(browser().eval("document.documentElement.scrollWidth").asInt())
          .as(where)
          .isLessThanOrEqualTo(width);
      // the elements of a thousand features are those of 64
      if (features < 1000) {
        assertThat(violations(axe)).as(where).isEqualTo("[]");
      }
      browser().picture(PICTURES.resolve(where.replaceAll("[^a-z0-9]+", "-") + ".png"));
    }
  }

  /// What axe finds serious or critical.
  private static String violations(String axe) {
    browser().eval(axe + "; null");
    return browser()
        .eval(
            "axe.run().then(found => found.violations.filter(v => ['serious',"
                + " 'critical'].includes(v.impact)).flatMap(v => v.nodes.map(n => v.id +"
                + " ' ' + n.html.slice(0, 200))))")
        .toString();
  }

  /// So that nothing is not found because nothing is looked for.
  @Test
  void anImageWithoutATextWouldBeFound() throws Exception {
    open("#/");
    browser().until("document.querySelector('#search') && !document.querySelector('.waiting')");
    browser().eval("document.body.append(document.createElement('img'))");
    assertThat(violations(resource(AXE))).contains("image-alt");
  }

  private static String resource(String name) throws IOException {
    try (InputStream in = DashboardIT.class.getClassLoader().getResourceAsStream(name)) {
      assertThat(in).isNotNull();
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void theDemoShowsSomethingAtOnce() throws Exception {
    try (PackagedService demo =
        PackagedService.start(
            directory.resolve("demo"),
            directory.resolve("demo.log").toFile(),
            Map.of("EVENKEEL_DEMO", "true"))) {
      browser().look(1000, 640, false);
      open(demo, "#/");
      see("demo-seasonal");
      see("demo-drifting");
      see("demo-sparse");
      // 64 rows a second, as far as a busy machine keeps the seconds
      browser()
          .until(
              "+document.querySelector('tr[data-name=demo-sparse] td:nth-of-type(4)')"
                  + ".innerText > 20");
      open(demo, "#/n/demo-sparse/gamma");
      browser().until("document.querySelectorAll('rect.kept').length === 32");
      open(demo, "#/n/demo-seasonal");
      see("temperature");
      // a curve of some length: eight batches of 64 rows
      browser().eval("window.rows = () => +" + fact("Rows") + ".replaceAll(',', '')");
      browser().eval("window.before = rows()");
      browser().until("rows() - before >= 512");
      browser().picture(PICTURES.resolve("running.png"));
    }
  }

  @Test
  void aClosedServiceIsSeenWithAKeyAndAsFarAsItsRoleGoes() throws Exception {
    try (PackagedService closed =
        PackagedService.start(
            directory.resolve("closed"),
            directory.resolve("closed.log").toFile(),
            Map.of("EVENKEEL_SECURITY_KEYS", KEYS))) {
      String key = "Bearer admin-key";
      closed.send("PUT", NORMALIZERS + "guarded", "{\"featureCount\": 1}", "Authorization", key);
      browser().look(1280, 900, false);
      open(closed, "#/n/guarded");
      see("Which key?");
      assertThat(browser().text()).doesNotContain("training");
      enter("no-key");
      see("That key is not accepted.");
      enter("reader-key");
      see("Overview");
      assertThat(browser().text())
          .contains("rita", "reader", "Playground")
          .doesNotContain("Freeze", "Reset", "Audit", "Snapshots", "Import");
      open(closed, "#/");
      see("guarded");
      assertThat(browser().text()).doesNotContain("Drop a CSV");
      assertThat(browser().eval("localStorage.length + document.cookie").asString()).isEqualTo("0");
      browser().press("Forget the key");
      see("Which key?");
      assertThat(browser().eval("sessionStorage.getItem('evenkeel.key') === null").asBoolean())
          .isTrue();
      enter("trainer-key");
      see("guarded");
      open(closed, "#/n/guarded/import");
      see("Drop a file here");
      assertThat(browser().text()).doesNotContain("Freeze", "Reset", "Audit");
      browser().press("Forget the key");
      see("Which key?");
      enter("admin-key");
      see("Freeze");
    }
  }

  private static void enter(String key) {
    browser().type("dialog input[name=key]", key);
    browser().press("Go on");
  }
}
