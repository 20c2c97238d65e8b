package io.evenkeel.http;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;

/// The whole service on a port of its own, its store in memory. All tests that say so share one.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {"evenkeel.store.directory=:memory:", "evenkeel.http.max-body-size=1MB"})
@AutoConfigureWebTestClient(timeout = "PT30S")
public @interface ServiceUnderTest {}
