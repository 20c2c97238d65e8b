package io.evenkeel.surface.normalizers;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes the bodies of a sample in the OpenAPI document. The method reads bytes, and so shows
/// nothing of them.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestBody(
    required = true,
    content = {
      @Content(
          mediaType = "text/csv",
          schema = @Schema(type = "string"),
          examples = @ExampleObject("age,height\n31,1.78\n44,1.69\n")),
      @Content(mediaType = "application/x-ndjson", schema = @Schema(type = "string")),
      @Content(
          mediaType = "application/x-npy",
          schema = @Schema(type = "string", format = "binary")),
      @Content(
          mediaType = "application/vnd.apache.arrow.stream",
          schema = @Schema(type = "string", format = "binary")),
      @Content(
          mediaType = "application/vnd.apache.arrow.file",
          schema = @Schema(type = "string", format = "binary"))
    })
@interface SampleBody {}
