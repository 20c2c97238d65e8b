package io.evenkeel.surface.batches;

import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// Describes the bodies of a batch in the OpenAPI document. The method reads bytes, and so shows
/// nothing of them.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@RequestBody(
    required = true,
    content = {
      @Content(
          mediaType = "application/json",
          schema = @Schema(type = "object"),
          examples = {
            @ExampleObject(name = "rows", value = "{\"rows\": [[1, 2], [3, 4]]}"),
            @ExampleObject(name = "columns", value = "{\"columns\": {\"a\": [1, 3]}}")
          }),
      @Content(mediaType = "text/csv", schema = @Schema(type = "string")),
      @Content(mediaType = "text/tab-separated-values", schema = @Schema(type = "string")),
      @Content(
          mediaType = "application/x-ndjson",
          schema = @Schema(type = "string"),
          examples = @ExampleObject("[1, 2]\n[3, 4]\n")),
      @Content(
          mediaType = "application/octet-stream",
          schema = @Schema(type = "string", format = "binary")),
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
@ApiResponse(
    responseCode = "200",
    description = "Durable, folded, and visible to every later request",
    content = {
      @Content(
          mediaType = "application/json",
          schema = @Schema(type = "object"),
          examples =
              @ExampleObject(
                  "{\"normalizer\": \"payments\", \"mode\": \"training\", \"outcome\": \"applied\","
                      + " \"version\": 8, \"rows\": [[-0.7, 0.7]]}"))
    })
@interface BatchBody {}
