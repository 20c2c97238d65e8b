package io.evenkeel.http;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The role that a caller needs to reach a handler. Each handler has this or [ForEverybody]: the
/// service does not start if one has neither.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Needs {
  /// The least role that is let in.
  Role value();
}
