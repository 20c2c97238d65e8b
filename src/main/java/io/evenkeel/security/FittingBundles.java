package io.evenkeel.security;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.KeyManager;
import javax.net.ssl.X509KeyManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.ssl.SslBundle;

/// The TLS bundles of the service, each with a certificate that fits its key. A certificate and its
/// key are two files, and are renewed one after the other. Spring would serve a renewed certificate
/// that does not fit, and no client could connect any more. Here the certificate before stays in
/// use, also if the renewed files cannot be read. One log line says so, and one says when a fitting
/// certificate has come.
final class FittingBundles extends DefaultSslBundleRegistry {
  private static final Logger LOG = LoggerFactory.getLogger(FittingBundles.class);
  private static final String[] KEY_TYPES = {"RSA", "RSASSA-PSS", "EC", "EdDSA", "DSA"};
  private static final byte[] PROBE = "evenkeel".getBytes(StandardCharsets.US_ASCII);

  private final Map<String, Fault> refused = new ConcurrentHashMap<>();

  /// Why a renewed certificate is not served.
  private enum Fault {
    /// The certificate and the key belong to different pairs.
    UNFIT,
    /// A file is missing, or is not in the form that it should have.
    UNREADABLE
  }

  /// @throws IllegalStateException if its certificate does not fit its key
  @Override
  public void registerBundle(String name, SslBundle bundle) {
    if (!fits(bundle)) {
      throw new IllegalStateException(
          "The TLS certificate of the bundle " + name + " does not fit its private key.");
    }
    super.registerBundle(name, bundle);
  }

  @Override
  public void updateBundle(String name, SslBundle updated) {
    boolean fits;
    try {
      // Spring reads the files when the keys are asked for
      fits = fits(updated);
    } catch (IllegalStateException | UncheckedIOException unreadable) {
      if (refused.put(name, Fault.UNREADABLE) != Fault.UNREADABLE) {
        LOG.error(
            "The renewed TLS certificate of the bundle {} or its private key cannot be read. The"
                + " one before stays in use. Put whole files in their places; no restart is"
                + " needed. {}",
            name,
            unreadable.getMessage());
      }
      return;
    }
    if (fits) {
      super.updateBundle(name, updated);
      if (refused.remove(name) != null) {
        LOG.info("The renewed TLS certificate of the bundle {} fits its key and is served", name);
      }
    } else if (refused.put(name, Fault.UNFIT) != Fault.UNFIT) {
      LOG.error(
          "The renewed TLS certificate of the bundle {} does not fit its private key. The one"
              + " before stays in use. Put the certificate and the key that belong together in"
              + " their files; no restart is needed.",
          name);
    }
  }

  private static boolean fits(SslBundle bundle) {
    for (KeyManager manager : bundle.getManagers().getKeyManagers()) {
      if (manager instanceof X509KeyManager keys && !fits(keys)) {
        return false;
      }
    }
    return true;
  }

  private static boolean fits(X509KeyManager keys) {
    for (String type : KEY_TYPES) {
      String[] aliases = keys.getServerAliases(type, null);
      for (int i = 0; aliases != null && i < aliases.length; i++) {
        X509Certificate[] chain = keys.getCertificateChain(aliases[i]);
        PrivateKey key = keys.getPrivateKey(aliases[i]);
        if (chain != null && key != null && !fits(chain[0].getPublicKey(), key)) {
          return false;
        }
      }
    }
    return true;
  }

  /// Whether the certified public key verifies a signature of the private key.
  private static boolean fits(PublicKey certified, PrivateKey key) {
    try {
      Signature signature = Signature.getInstance(algorithm(certified));
      signature.initSign(key);
      signature.update(PROBE);
      byte[] signed = signature.sign();
      signature.initVerify(certified);
      signature.update(PROBE);
      return signature.verify(signed);
    } catch (GeneralSecurityException e) {
      LOG.debug("A key does not fit its certificate", e);
      return false;
    }
  }

  private static String algorithm(PublicKey key) {
    return switch (key.getAlgorithm()) {
      case "RSA" -> "SHA256withRSA";
      case "EC" -> "SHA256withECDSA";
      case "DSA" -> "SHA256withDSA";
      default -> key.getAlgorithm();
    };
  }
}
