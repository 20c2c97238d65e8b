/// Bodies as other people's libraries write them, against the packaged jar.
@NullMarked
package io.evenkeel.writers;

import org.jspecify.annotations.NullMarked;
