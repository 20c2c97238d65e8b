/// Reads the files in `docker/`, which others interpret: Compose, Kubernetes, HAProxy, PostgreSQL.
@NullMarked
package io.evenkeel.deployment;

import org.jspecify.annotations.NullMarked;
