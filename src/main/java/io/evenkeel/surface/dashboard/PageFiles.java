package io.evenkeel.surface.dashboard;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.MediaType;
import org.springframework.http.MediaTypeFactory;
import org.springframework.stereotype.Component;

/// The files of the page: ours, and uPlot, which draws curves.
///
/// Their addresses have the release in them, a hash of all of them together. So a browser keeps
/// each for ever, and never mixes the modules of two releases.
@Component
final class PageFiles {
  private static final String[] PLACES = {
    "classpath:/static/page/*",
    "classpath*:/META-INF/resources/webjars/uplot/*/dist/uPlot.iife.min.js",
    "classpath*:/META-INF/resources/webjars/uplot/*/dist/uPlot.min.css"
  };

  private static final String INDEX = "index.html";
  private static final String RELEASE = "{release}";
  private static final MediaType SCRIPT =
      new MediaType("text", "javascript", StandardCharsets.UTF_8);

  private final Map<String, PageFile> files = new TreeMap<>();
  private final String release;
  private final PageFile index;

  /// Reads them.
  ///
  /// @throws IOException if the jar is damaged
  PageFiles() throws IOException {
    Map<String, byte[]> contents = contents();
    this.release = release(contents);
    contents.forEach((name, bytes) -> files.put(name, new PageFile(type(name), bytes)));
    PageFile template = files.remove(INDEX);
    if (template == null || files.size() < PLACES.length) {
      throw new IOException("files of the page are missing; there are " + contents.keySet());
    }
    String html = new String(template.bytes(false), StandardCharsets.UTF_8);
    this.index =
        new PageFile(
            new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8),
            html.replace(RELEASE, release).getBytes(StandardCharsets.UTF_8));
  }

  private static Map<String, byte[]> contents() throws IOException {
    PathMatchingResourcePatternResolver resolver = new PathMatchingResourcePatternResolver();
    Map<String, byte[]> contents = new TreeMap<>();
    for (String place : PLACES) {
      for (Resource resource : resolver.getResources(place)) {
        contents.put(String.valueOf(resource.getFilename()), resource.getContentAsByteArray());
      }
    }
    return contents;
  }

  private static String release(Map<String, byte[]> contents) {
    StringBuilder hashes = new StringBuilder();
    contents.forEach((name, bytes) -> hashes.append(name).append(PageFile.hash(bytes)));
    return PageFile.hash(hashes.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static MediaType type(String name) {
    return name.endsWith(".js")
        ? SCRIPT
        : MediaTypeFactory.getMediaType(name).orElse(MediaType.APPLICATION_OCTET_STREAM);
  }

  /// The page itself, which names the files of this release.
  PageFile index() {
    return index;
  }

  /// A file of this release; empty if there is none of this name, or the release is another.
  Optional<PageFile> find(String ofRelease, String name) {
    return ofRelease.equals(release) ? Optional.ofNullable(files.get(name)) : Optional.empty();
  }
}
