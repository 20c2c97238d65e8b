package io.evenkeel;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.summingLong;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.evenkeel.http.Caller;
import io.evenkeel.http.EntityTags;
import io.evenkeel.http.ForEverybody;
import io.evenkeel.http.Needs;
import io.evenkeel.http.Page;
import io.evenkeel.http.Role;
import io.evenkeel.http.problem.Refusal;
import io.evenkeel.http.problem.RequestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.web.bind.annotation.RequestMapping;

/// The law of the packages, as the documentation of [io.evenkeel] draws it: who may know whom.
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages("io.evenkeel");

  /// The packages of the module java.base: java.sql, java.net.http and the rest are none of them.
  private static final Set<String> JAVA_BASE =
      ModuleLayer.boot().findModule("java.base").orElseThrow().getPackages();

  private static final DescribedPredicate<JavaClass> PLAIN_JAVA =
      describe(
          "are of java.base or JSpecify",
          type ->
              type.getBaseComponentType().isPrimitive()
                  || JAVA_BASE.contains(type.getBaseComponentType().getPackageName())
                  || type.getPackageName().equals("org.jspecify.annotations"));

  /// What the rooms of HTTP may know of others: Spring WebFlux, Reactor, Jackson, the annotations
  /// of OpenAPI.
  private static final String WEB =
      " reactor.core.. reactor.util.context.. org.reactivestreams.. org.springframework.."
          + " jakarta.validation.. tools.jackson.. com.fasterxml.jackson.annotation.."
          + " io.swagger.v3.oas.annotations..";

  private static final String NETTY = " reactor.netty.. io.netty..";

  /// Each package, the packages of ours that it may know (`..` means those below it, too), and what
  /// it may know of others. Every package may know java.base and JSpecify.
  private static final List<Room> LAW =
      List.of(
          new Room("fault", "", ""),
          new Room("batchnorm.lanes", "", ""),
          new Room("batchnorm.moments", "batchnorm.lanes", ""),
          new Room("batchnorm.statistics", "batchnorm.lanes batchnorm.moments", ""),
          new Room("batchnorm", "batchnorm.lanes batchnorm.moments batchnorm.statistics", ""),
          new Room(
              "batchnorm.gradients",
              "batchnorm batchnorm.lanes batchnorm.moments batchnorm.statistics",
              ""),
          new Room("normalizer.definition", "batchnorm.. fault", ""),
          new Room("normalizer", "normalizer.definition batchnorm.. fault", ""),
          new Room(
              "normalization",
              "normalizer.. batchnorm.. fault",
              "reactor.core.. org.reactivestreams.."),
          new Room("validation", "fault", "jakarta.validation.. org.hibernate.validator.."),
          new Room(
              "document",
              "normalizer.. batchnorm.. validation fault",
              "jakarta.validation.. com.fasterxml.jackson.annotation.. tools.jackson.core.."),
          new Room(
              "admission",
              "normalization normalizer.. batchnorm.. validation fault",
              "jakarta.validation.."),
          new Room("codec.number", "", "ch.randelshofer.fastdoubleparser.."),
          new Room("codec.rows", "admission normalization normalizer.. codec.number fault", ""),
          new Room("codec.sample", "codec.rows normalizer.. fault", ""),
          new Room("codec.json.token", "codec.number codec.rows fault", ""),
          new Room(
              "codec.json",
              "codec.json.token codec.rows codec.sample codec.number admission normalizer.."
                  + " normalization batchnorm.gradients fault",
              ""),
          new Room(
              "codec.csv",
              "codec.rows codec.sample codec.number admission normalizer.. fault",
              "ch.randelshofer.fastdoubleparser.."),
          new Room(
              "codec.binary",
              "codec.rows codec.sample codec.number admission normalizer.. fault",
              ""),
          new Room(
              "codec.npy", "codec.rows codec.sample codec.number admission normalizer.. fault", ""),
          new Room(
              "codec.arrow.message",
              "codec.rows codec.number fault",
              "org.apache.arrow.flatbuf.. com.google.flatbuffers.. com.github.luben.zstd.."),
          new Room(
              "codec.arrow",
              "codec.arrow.message codec.rows codec.sample codec.number admission normalizer.."
                  + " fault",
              "org.apache.arrow.flatbuf.. com.google.flatbuffers.."),
          new Room(
              "codec",
              "codec.rows codec.sample codec.number codec.json.. codec.csv codec.binary codec.npy"
                  + " codec.arrow"
                  + " normalizer.. batchnorm.moments",
              ""),
          new Room("engine.bytes", "normalizer.. batchnorm..", "java.sql.."),
          new Room("engine.store", "engine.bytes normalizer.. batchnorm..", "java.sql.."),
          new Room(
              "engine.log",
              "engine.store normalization normalizer..",
              "java.sql.. reactor.core.. org.reactivestreams.. io.micrometer.core.. org.slf4j.."
                  + " org.springframework.. jakarta.validation.."),
          new Room(
              "engine.sqlite",
              "engine.log engine.store normalization normalizer..",
              "java.sql.. reactor.core.. org.reactivestreams.. org.springframework.."
                  + " io.micrometer.core.. jakarta.validation.. org.slf4j.."),
          new Room(
              "engine.postgres",
              "engine.log engine.store normalization normalizer..",
              "java.sql.. reactor.core.. org.reactivestreams.. org.springframework.."
                  + " io.micrometer.core.. jakarta.validation.. org.slf4j.."),
          new Room(
              "engine.follow",
              "engine.log engine.store engine.bytes normalization normalizer..",
              "java.net.http.. java.sql.. reactor.core.. org.reactivestreams.."
                  + " org.springframework.. io.micrometer.core.. jakarta.validation.. org.slf4j.."
                  + " tools.jackson.."),
          new Room(
              "engine",
              "engine.log engine.store engine.bytes engine.sqlite engine.postgres engine.follow"
                  + " normalization normalizer..",
              "io.micrometer.core.. org.springframework.."),
          new Room(
              "framework",
              "normalizer.. batchnorm.. document codec.rows fault",
              "tools.jackson.. com.fasterxml.jackson.annotation.."),
          new Room(
              "operation",
              "normalization normalizer.. batchnorm.. fault",
              "io.micrometer.core.. org.springframework.."),
          new Room(
              "tracing",
              "normalization normalizer.. fault",
              "reactor.core.. reactor.util.. org.reactivestreams.. org.springframework.."
                  + " jakarta.validation.. java.net.http.. org.slf4j.."),
          new Room("drift.significance", "", ""),
          new Room(
              "drift",
              "drift.significance normalization normalizer.. batchnorm.. fault",
              "io.micrometer.core.. org.springframework.. jakarta.validation.. org.slf4j.."),
          new Room(
              "demo",
              "normalization normalizer.. batchnorm..",
              "reactor.core.. org.reactivestreams.. org.springframework.. org.slf4j.."),
          new Room("http.network", "", WEB + NETTY),
          new Room(
              "http.problem",
              "http.network codec.rows document normalizer.. fault",
              WEB
                  + " org.slf4j.. io.netty.channel.. io.netty.handler.timeout.."
                  + " reactor.netty.."),
          new Room("http", "http.problem normalization normalizer.. fault", WEB),
          new Room("http.framing", "http.network http.problem", WEB + NETTY),
          new Room(
              "http.load",
              "http http.network http.problem http.framing codec.rows normalization normalizer.."
                  + " fault",
              WEB + NETTY + " io.micrometer.core.. java.lang.management com.sun.management"),
          new Room(
              "http.body",
              "http http.problem http.load codec.. admission normalization normalizer.. fault",
              WEB + " com.github.luben.zstd.."),
          new Room(
              "http.command",
              "http http.problem document validation normalization normalizer.. fault",
              WEB),
          new Room(
              "http.mapping",
              "http http.network http.problem http.body normalization normalizer.. fault",
              WEB
                  + NETTY
                  + " io.swagger.v3.. org.springdoc.. io.micrometer.common.. io.micrometer.core.."),
          new Room("http.server", "http http.problem http.framing http.load", WEB + NETTY),
          new Room(
              "surface.normalizers",
              "http http.problem http.body http.command codec.rows codec.sample document"
                  + " validation normalization normalizer.. batchnorm.. fault",
              WEB),
          new Room(
              "surface.batches",
              "http http.problem http.body http.load http.command codec.. admission normalization"
                  + " normalizer.. batchnorm.. fault",
              WEB),
          new Room(
              "surface.admin",
              "http http.problem http.command admission document validation normalization"
                  + " normalizer.. fault",
              WEB),
          new Room(
              "surface.export",
              "http http.problem http.command http.load framework codec.rows document normalization"
                  + " normalizer.. fault",
              WEB),
          new Room("surface.drift", "drift http normalization normalizer.. fault", WEB),
          new Room(
              "surface.openinference",
              "surface.openinference.tensor http http.problem http.body http.load codec.. admission"
                  + " normalization normalizer.. batchnorm.moments fault",
              WEB),
          new Room(
              "surface.openinference.tensor",
              "codec.. admission normalization normalizer.. batchnorm.moments fault",
              ""),
          new Room("surface.dashboard", "http http.problem http.body normalizer fault", WEB),
          new Room(
              "surface.events",
              "drift http http.problem http.body http.load http.server http.command codec.rows"
                  + " normalization normalizer..",
              WEB + " io.micrometer.core.."),
          new Room(
              "security",
              "http http.problem fault",
              WEB + " io.micrometer.core.. org.slf4j.. com.nimbusds.. javax.net.ssl.."));

  private record Room(String name, String ours, String others) {
    private String pattern() {
      return "io.evenkeel." + name;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  static List<Room> rooms() {
    return LAW;
  }

  @ParameterizedTest
  @MethodSource("rooms")
  void aRoomKnowsNothingButWhatTheLawNames(Room room) {
    String[] known =
        Stream.concat(
                Stream.concat(Stream.of(room.name()), words(room.ours()))
                    .map(p -> "io.evenkeel." + p),
                words(room.others()))
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAPackage(room.pattern())
        .should()
        .onlyDependOnClassesThat(PLAIN_JAVA.or(resideInAnyPackage(known)))
        .check(MAIN);
  }

  /// A name that no class stands behind would make a rule that nothing can break.
  @ParameterizedTest
  @MethodSource("rooms")
  void theLawNamesOnlyPackagesThatExist(Room room) {
    assertThat(Stream.concat(Stream.of(room.name()), words(room.ours())))
        .allSatisfy(name ->
            assertThat(MAIN.stream().filter(resideInAPackage("io.evenkeel." + name))).isNotEmpty());
  }

  private static Stream<String> words(String list) {
    return Stream.of(list.split(" ")).filter(word -> !word.isEmpty());
  }

  @Test
  void theLawNamesEveryPackage() {
    assertThat(MAIN.stream().map(JavaClass::getPackageName).distinct())
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Stream.of("io.evenkeel"), LAW.stream().map(Room::pattern)).toList());
  }

  /// Engines and surfaces meet in the application only, and no surface knows another.
  @Test
  void noSurfaceKnowsAnEngineOrAnotherSurface() {
    assertThat(MAIN.stream().filter(resideInAPackage("io.evenkeel.engine.."))).isNotEmpty();
    noClasses()
        .that()
        .resideOutsideOfPackages("io.evenkeel.engine..", "io.evenkeel")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.evenkeel.engine..")
        .check(MAIN);
    noClasses()
        .that()
        .resideOutsideOfPackages("io.evenkeel.surface..", "io.evenkeel")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.evenkeel.surface..")
        .check(MAIN);
    slices().matching("io.evenkeel.surface.(*)..").should().notDependOnEachOther().check(MAIN);
  }

  /// A surface that is not HTTP uses these, too.
  @Test
  void callersConditionsAndRefusalsKnowNoProtocol() {
    noClasses()
        .that()
        .belongToAnyOf(
            Caller.class,
            Role.class,
            EntityTags.class,
            Page.class,
            Refusal.class,
            RequestException.class)
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.springframework..", "reactor..")
        .check(MAIN);
  }

  /// Who may reach a handler stands on the handler, and nowhere else.
  @Test
  void everyHandlerSaysWhoMayReachIt() {
    List<JavaMethod> handlers =
        MAIN.stream()
            .flatMap(type -> type.getMethods().stream())
            .filter(method -> method.isMetaAnnotatedWith(RequestMapping.class))
            .toList();
    assertThat(handlers).hasSizeGreaterThan(40);
    assertThat(handlers)
        .filteredOn(handler ->
            handler.isAnnotatedWith(Needs.class) == handler.isAnnotatedWith(ForEverybody.class))
        .isEmpty();
  }

  @Test
  void packagesDoNotKnowEachOtherInACircle() {
    slices().matching("io.evenkeel.(**)").should().beFreeOfCycles().check(MAIN);
  }

  /// Time and threads come in from outside: what happens to a normalizer is a pure function.
  @Test
  void theResourceIsPure() {
    noClasses()
        .that()
        .resideInAnyPackage("io.evenkeel.normalizer", "io.evenkeel.batchnorm..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "reactor..", "org.reactivestreams..", "java.util.concurrent..", "java.io..")
        .check(MAIN);
  }

  @Test
  void everyPackageSaysThatNothingIsNullUnlessItSaysSo() {
    Set<String> unmarked = new TreeSet<>();
    for (JavaClass type : MAIN) {
      if (!type.getPackage().isAnnotatedWith(NullMarked.class)) {
        unmarked.add(type.getPackageName());
      }
    }
    assertThat(unmarked).isEmpty();
  }

  @Test
  void aClassIsANounOfTheField() {
    noClasses()
        .should()
        .haveNameMatching(".*(Utils?|Helper|Manager|Impl|Base|Common|Dto)")
        .check(MAIN);
  }

  /// A batch of 10 million numbers as boxed ones would take five times its memory. Looks at the
  /// bytecode: javac boxes by calling `valueOf` and unboxes by `doubleValue`.
  @Test
  void noNumberOfABatchIsBoxed() {
    DescribedPredicate<JavaClass> path =
        resideInAnyPackage(
                "io.evenkeel.batchnorm..",
                "io.evenkeel.codec..",
                "io.evenkeel.surface.openinference.tensor")
            .or(describe("batches", type -> type.getName().contains("Batch")));
    List<JavaClass> classes = MAIN.stream().filter(path).toList();
    assertThat(classes).hasSizeGreaterThan(100);
    assertThat(classes.stream().flatMap(ArchitectureTest::boxes)).isEmpty();
  }

  private static Stream<String> boxes(JavaClass type) {
    Stream<String> fields =
        type.getFields().stream()
            .filter(field -> isBoxed(field.getType()))
            .map(JavaField::getFullName);
    Stream<String> codeUnits =
        type.getCodeUnits().stream()
            .filter(unit ->
                Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
                    .anyMatch(ArchitectureTest::isBoxed))
            .map(JavaCodeUnit::getFullName);
    Stream<String> bodies =
        type.getMethodCallsFromSelf().stream()
            .filter(call -> isBoxed(call.getTargetOwner()))
            .filter(call -> BOXING.contains(call.getName()))
            .map(JavaMethodCall::getDescription);
    return Stream.of(fields, codeUnits, bodies).flatMap(all -> all);
  }

  private static final Set<String> BOXING = Set.of("valueOf", "doubleValue", "floatValue");

  private static boolean isBoxed(JavaType type) {
    return type.getAllInvolvedRawTypes().stream()
        .map(JavaClass::getBaseComponentType)
        .anyMatch(raw -> raw.isEquivalentTo(Double.class) || raw.isEquivalentTo(Float.class));
  }

  @Test
  void aPackageHasAtMostThirtyClasses() {
    Map<String, Long> sizes =
        MAIN.stream()
            .filter(JavaClass::isTopLevelClass)
            .filter(type -> !type.getSimpleName().equals("package-info"))
            .collect(groupingBy(JavaClass::getPackageName, counting()));
    assertThat(sizes).hasSizeGreaterThan(30);
    assertThat(sizes.values()).allMatch(size -> size <= 30);
  }

  @Test
  void noPackageHasMoreThanATenthOfTheLines() throws IOException {
    Map<Path, Long> lines;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      lines =
          files
              .filter(file -> file.toString().endsWith(".java"))
              .collect(groupingBy(Path::getParent, summingLong(ArchitectureTest::lines)));
    }
    long all = lines.values().stream().mapToLong(Long::longValue).sum();
    assertThat(all).isGreaterThan(10_000);
    assertThat(lines).allSatisfy((_, count) -> assertThat(count).isLessThanOrEqualTo(all / 10));
  }

  private static long lines(Path file) {
    try (Stream<String> lines = Files.lines(file)) {
      return lines.count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
