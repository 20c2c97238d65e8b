/// The HTTP surface `/api/v1`: controllers that only translate, the views they show, and problem
/// details for everything that goes wrong.
///
/// It serves data pipelines; administration, export and the inference protocol, which build on its
/// intake of bodies, conditions, commands, answers, views and problems, are packages of their own.
/// It may know `normalizer`, `validation`, `codec`, `document` and Spring WebFlux; no engine.
///
/// Start reading at [io.evenkeel.http.BatchController].
@NullMarked
package io.evenkeel.http;

import org.jspecify.annotations.NullMarked;
