package io.evenkeel.surface.export;

import io.evenkeel.framework.KerasDocument;
import io.evenkeel.framework.PytorchDocument;
import io.evenkeel.framework.ScikitLearnDocument;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes the bodies of an import in the OpenAPI document. The method reads bytes, and so shows
/// nothing of them.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestBody(
    required = true,
    content = {
      @Content(
          mediaType = "application/json",
          schema =
              @Schema(
                  oneOf = {PytorchDocument.class, KerasDocument.class, ScikitLearnDocument.class})),
      @Content(
          mediaType = "application/octet-stream",
          schema = @Schema(type = "string", format = "binary"))
    })
@interface ImportBody {}
