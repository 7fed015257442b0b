package dev.tokenkeep.demo;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType.LaunchOptions;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Page.GetByRoleOptions;
import com.microsoft.playwright.Page.LocatorOptions;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.AriaRole;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A user signs in on the demonstration's page, in a real browser. */
@QuarkusTest
@TestProfile(DemoTest.DevMode.class)
class DemoBrowserTest {

    private static final List<String> CHROMIUM = List.of("/usr/bin/chromium", "/usr/bin/chromium-browser");
    private static final List<String> OPTIONS = List.of(
            "--no-sandbox",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync");

    @ConfigProperty(name = "quarkus.http.test-port")
    int port;

    private Playwright playwright;
    private Browser browser;
    private BrowserContext user;
    private final List<String> faults = new ArrayList<>();

    @BeforeEach
    void open() {
        Path chromium = CHROMIUM.stream()
                .map(Path::of)
                .filter(Files::exists)
                .findFirst()
                .orElse(null);
        if (chromium == null) {
            System.out.println("The page was not tried in a browser: Chromium is not installed at " + CHROMIUM + ".");
        }
        assumeTrue(chromium != null, "Chromium is not installed");
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        browser = playwright
                .chromium()
                .launch(new LaunchOptions().setExecutablePath(chromium).setArgs(OPTIONS));
        user = browser.newContext();
    }

    @AfterEach
    void close() {
        Stream.of(user, browser, playwright).filter(one -> one != null).forEach(DemoBrowserTest::close);
    }

    private static void close(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Page page() {
        Page page = user.newPage();
        page.onPageError(faults::add);
        page.onConsoleMessage(message -> {
            if (message.type().equals("error")) {
                faults.add(message.text());
            }
        });
        page.navigate("http://localhost:" + port + "/");
        return page;
    }

    private static void press(Page page, String button) {
        page.getByRole(AriaRole.BUTTON, new GetByRoleOptions().setName(button)).click();
    }

    private static void connect(Page page, String subject) {
        page.getByLabel("A user of yours:").fill(subject);
        press(page, "Connect");
        assertThat(page).hasTitle("Demo authorization server");
    }

    @Test
    void signsInAndSeesTheSession() {
        String subject = "user-" + UUID.randomUUID();
        Page page = page();
        connect(page, subject);
        press(page, "Sign in and allow");
        assertThat(page).hasTitle("Tokenkeep");
        Locator row = page.locator("tbody tr", new LocatorOptions().setHasText(subject));
        assertThat(row).containsText("ACTIVE");
        // The script counts the seconds.
        assertThat(row.locator("time").first()).hasText(Pattern.compile("\\d+ s"));
        assertThat(page.url()).doesNotContain("code=", "state=");
        assertThat(faults).isEmpty();
    }

    @Test
    void deniesAndIsToldSo() {
        Page page = page();
        connect(page, "mallory");
        press(page, "Deny");
        assertThat(page.locator("body")).containsText("access_denied");
        page.navigate("http://localhost:" + port + "/");
        assertThat(page.locator("tbody")).not().containsText("mallory");
    }

    @Test
    void aBrowserThatDidNotBeginIsSentAway() {
        Page page = page();
        connect(page, "victim");
        user.clearCookies();
        press(page, "Sign in and allow");
        assertThat(page.locator("body")).containsText("Another browser began this.");
        page.navigate("http://localhost:" + port + "/");
        assertThat(page.locator("tbody")).not().containsText("victim");
    }
}
