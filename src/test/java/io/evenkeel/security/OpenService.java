package io.evenkeel.security;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.micrometer.metrics.test.autoconfigure.AutoConfigureMetrics;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;

/// The service without a key, open to this machine, which a proxy may speak to by two names more.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "evenkeel.store.directory=:memory:",
      "evenkeel.http.hosts=listed.test,[fd00::7]",
      "server.forward-headers-strategy=framework"
    })
@AutoConfigureWebTestClient(timeout = "PT30S")
@AutoConfigureMetrics
@interface OpenService {}
