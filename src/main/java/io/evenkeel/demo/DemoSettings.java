package io.evenkeel.demo;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// Whether the synthetic streams run.
///
/// @param demo makes three normalizers whose names begin with `demo-`, and feeds them
@ConfigurationProperties("evenkeel")
record DemoSettings(@DefaultValue("false") boolean demo) {}
