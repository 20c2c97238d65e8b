package io.evenkeel.security;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.webtestclient.autoconfigure.AutoConfigureWebTestClient;

/// The service with a key for each role, and for two that reach `team-a.` only. The hashes are what
/// `printf %s reader-key | sha256sum` prints, and so on.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(
    webEnvironment = WebEnvironment.RANDOM_PORT,
    properties = {
      "evenkeel.store.directory=:memory:",
      "evenkeel.security.cors-origins=https://listed.example",
      "evenkeel.security.keys=rita reader"
          + " sha256:ec4408df15da46b328f6f3246fa723d0aa6cb0f0a0dd9c4626080ab1b02aa3b2,tom trainer"
          + " sha256:ba8ceace604d9df838a4e88887c52e0d12b90c6712eb7c1b497012e38b0a7677,ada admin"
          + " sha256:69a5265506c94c77b787a7d7377b7685a0eff82e33920a71e7ee22cd6154953e,anna admin"
          + " sha256:0d49ca9544c4c9916d0ae471152cfb583b50f8c3a49c83d23456d915d9cea798 team-a.,theo"
          + " trainer sha256:27cb5defb58d287412755d70b7e267c9f8595d3a43739150ffa4136d74d818da"
          + " team-a."
    })
@AutoConfigureWebTestClient(timeout = "PT30S")
@interface ClosedService {}
