package io.evenkeel;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  /// Each package, the packages of ours that it may know, and what it may know of others; java.base
  /// and JSpecify always.
  @ParameterizedTest
  @CsvSource({
    "batchnorm, '', ''",
    "normalizer, batchnorm, reactor.core.. org.reactivestreams..",
    "validation, batchnorm normalizer, jakarta.validation.. org.hibernate.validator..",
    "codec, batchnorm normalizer validation,"
        + " tools.jackson.core.. ch.randelshofer.fastdoubleparser.. org.apache.arrow.flatbuf.."
        + " com.google.flatbuffers..",
    "document, batchnorm normalizer validation,"
        + " jakarta.validation.. com.fasterxml.jackson.annotation..",
    "store, batchnorm normalizer, java.sql..",
    "sqlite, batchnorm normalizer store,"
        + " java.sql.. reactor.core.. org.reactivestreams.. org.springframework.."
        + " io.micrometer.core.. jakarta.validation.. org.slf4j..",
    "http, batchnorm normalizer validation codec document, reactor.core.. reactor.netty.."
        + " io.netty.buffer.. io.netty.channel.. io.netty.handler.. io.netty.util.."
        + " io.micrometer.core.. org.reactivestreams.. org.springframework.. jakarta.validation.."
        + " tools.jackson.. com.fasterxml.jackson.annotation.. io.swagger.v3.. org.springdoc.."
        + " org.slf4j..",
    "admin, batchnorm normalizer validation http,"
        + " reactor.core.. org.reactivestreams.. org.springframework.. jakarta.validation.."
        + " com.fasterxml.jackson.annotation.. io.swagger.v3.oas.annotations.. org.slf4j..",
    "export, batchnorm normalizer validation codec http,"
        + " reactor.core.. org.reactivestreams.. org.springframework.."
        + " tools.jackson.. com.fasterxml.jackson.annotation.. io.swagger.v3.oas.annotations..",
    "openinference, batchnorm normalizer validation codec http,"
        + " reactor.core.. org.reactivestreams.. org.springframework.."
        + " com.fasterxml.jackson.annotation.. io.swagger.v3.oas.annotations..",
    "security, validation http,"
        + " reactor.core.. org.reactivestreams.. org.springframework.. io.micrometer.core.."
        + " com.nimbusds.. org.slf4j..",
    "operation, batchnorm normalizer validation,"
        + " io.micrometer.core.. org.springframework.. jakarta.validation.. org.slf4j.."
  })
  void aPackageKnowsNothingButWhatTheLawNames(String name, String ours, String others) {
    Stream<String> known =
        Stream.concat(
            Stream.concat(Stream.of(name), words(ours)).map(p -> "io.evenkeel." + p),
            words(others));
    classes()
        .that()
        .resideInAPackage("io.evenkeel." + name)
        .should()
        .onlyDependOnClassesThat(PLAIN_JAVA.or(resideInAnyPackage(known.toArray(String[]::new))))
        .check(MAIN);
  }

  private static Stream<String> words(String list) {
    return Stream.of(list.split(" ")).filter(word -> !word.isEmpty());
  }

  @Test
  void theLawNamesEveryPackage() {
    Set<String> packages =
        MAIN.stream().map(JavaClass::getPackageName).collect(Collectors.toCollection(TreeSet::new));
    assertThat(packages)
        .containsExactly(
            "io.evenkeel",
            "io.evenkeel.admin",
            "io.evenkeel.batchnorm",
            "io.evenkeel.codec",
            "io.evenkeel.document",
            "io.evenkeel.export",
            "io.evenkeel.http",
            "io.evenkeel.normalizer",
            "io.evenkeel.openinference",
            "io.evenkeel.operation",
            "io.evenkeel.security",
            "io.evenkeel.sqlite",
            "io.evenkeel.store",
            "io.evenkeel.validation");
  }

  @Test
  void enginesAndSurfacesMeetInTheApplicationOnly() {
    noClasses()
        .that()
        .resideInAnyPackage("io.evenkeel.store", "io.evenkeel.sqlite")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.evenkeel.codec",
            "io.evenkeel.validation",
            "io.evenkeel.http",
            "io.evenkeel.admin",
            "io.evenkeel.export",
            "io.evenkeel.openinference")
        .check(MAIN);
    noClasses()
        .that()
        .resideInAnyPackage(
            "io.evenkeel.http",
            "io.evenkeel.admin",
            "io.evenkeel.export",
            "io.evenkeel.openinference",
            "io.evenkeel.operation")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.evenkeel.store", "io.evenkeel.sqlite")
        .check(MAIN);
  }

  @Test
  void packagesDoNotKnowEachOtherInACircle() {
    slices().matching("io.evenkeel.(*)..").should().beFreeOfCycles().check(MAIN);
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

  /// A batch of 10 million numbers as boxed ones would take five times its memory.
  @Test
  void noNumberOfABatchIsBoxed() {
    List<String> boxed =
        MAIN.stream()
            .filter(
                resideInAnyPackage("io.evenkeel.batchnorm", "io.evenkeel.codec")
                    .or(describe("batches", t -> t.getName().contains("Batch"))))
            .flatMap(ArchitectureTest::boxes)
            .toList();
    assertThat(boxed).isEmpty();
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
    return Stream.concat(fields, codeUnits);
  }

  private static boolean isBoxed(JavaType type) {
    return type.getAllInvolvedRawTypes().stream()
        .map(JavaClass::getBaseComponentType)
        .anyMatch(raw -> raw.isEquivalentTo(Double.class) || raw.isEquivalentTo(Float.class));
  }

  @Test
  void theWholeStaysSmallEnoughToBeRead() {
    assertThat(MAIN.stream().filter(JavaClass::isTopLevelClass).map(JavaClass::getSimpleName))
        .filteredOn(name -> !name.equals("package-info"))
        .hasSizeLessThan(400);
  }
}
