package io.evenkeel.surface.openinference;

import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
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

/// Describes the bodies of an inference in the OpenAPI document. The method reads bytes, and so
/// shows nothing of them.
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@Parameter(
    in = ParameterIn.HEADER,
    name = "Inference-Header-Content-Length",
    description =
        "How many bytes of the body are JSON, if numbers follow it as bytes; 0 if the body has only"
            + " numbers, of 8 bytes each",
    schema = @Schema(type = "integer", format = "int64", minimum = "0"))
@RequestBody(
    required = true,
    content = {
      @Content(
          mediaType = "application/json",
          schema = @Schema(type = "object"),
          examples =
              @ExampleObject(
                  "{\"id\": \"7\", \"parameters\": {\"mode\": \"inference\"}, \"inputs\":"
                      + " [{\"name\": \"x\", \"shape\": [2, 2], \"datatype\": \"FP64\", \"data\":"
                      + " [1, 2, 3, 4]}]}")),
      @Content(
          mediaType = "application/octet-stream",
          schema = @Schema(type = "string", format = "binary"))
    })
@ApiResponse(
    responseCode = "200",
    description =
        "The output. A training batch is durable, folded, and visible to every later request.",
    content = {
      @Content(
          mediaType = "application/json",
          schema = @Schema(type = "object"),
          examples =
              @ExampleObject(
                  "{\"model_name\": \"payments\", \"model_version\": \"8\", \"id\": \"7\","
                      + " \"outputs\": [{\"name\": \"y\", \"datatype\": \"FP64\", \"shape\": [2,"
                      + " 2], \"data\": [-1, -1, 1, 1]}]}")),
      @Content(
          mediaType = "application/octet-stream",
          schema = @Schema(type = "string", format = "binary"))
    })
@interface InferenceBody {}
