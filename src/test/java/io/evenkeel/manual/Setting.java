package io.evenkeel.manual;

import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.bind.Name;
import org.springframework.core.annotation.AnnotatedElementUtils;

/// A setting of the service itself, as its configuration records declare it.
///
/// @param name as in a file of properties: `evenkeel.http.max-body-size`
/// @param initial its default as it is declared, or nothing
record Setting(String name, String initial) {

  /// Those of the beans that are bound to settings.
  static Stream<Setting> of(Collection<?> beans) {
    return beans.stream()
        .map(Object::getClass)
        .filter(type -> type.getPackageName().startsWith("io.evenkeel"))
        .flatMap(type -> of(prefix(type), type));
  }

  private static String prefix(Class<?> type) {
    return Objects.requireNonNull(
            AnnotatedElementUtils.findMergedAnnotation(type, ConfigurationProperties.class))
        .prefix();
  }

  private static Stream<Setting> of(String prefix, Class<?> type) {
    if (!type.isRecord()) {
      throw new IllegalStateException(type + " is no record: its settings cannot be listed");
    }
    RecordComponent[] components = type.getRecordComponents();
    Parameter[] parameters = parameters(type, components);
    return IntStream.range(0, components.length)
        .boxed()
        .flatMap(i -> of(prefix, components[i], parameters[i]));
  }

  /// Those of the canonical constructor, which carry the defaults.
  private static Parameter[] parameters(Class<?> type, RecordComponent[] components) {
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getDeclaredConstructor(types).getParameters();
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Stream<Setting> of(String prefix, RecordComponent component, Parameter parameter) {
    Name given = parameter.getAnnotation(Name.class);
    String last = given == null ? component.getName() : given.value();
    String name = prefix + "." + DataObjectPropertyName.toDashedForm(last);
    if (component.getType().isRecord()) {
      return of(name, component.getType());
    }
    DefaultValue initial = parameter.getAnnotation(DefaultValue.class);
    return Stream.of(new Setting(name, initial == null ? "" : String.join(",", initial.value())));
  }

  /// Whether this is the name of the variable of the environment: `EVENKEEL_HTTP_MAXBODYSIZE`, or
  /// with an underscore for each hyphen.
  boolean isVariable(String variable) {
    String upper = name.toUpperCase(Locale.ROOT).replace('.', '_');
    return variable.equals(upper.replace("-", "")) || variable.equals(upper.replace('-', '_'));
  }
}
