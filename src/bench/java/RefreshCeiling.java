import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/**
 * What can't be beaten: the same POSTs by a bare Vert.x client, and beside them the statements alone by which sessions are
 * claimed, a batch at once, and stored, one by one. It encrypts nothing, checks nothing, and loses what it holds if it dies.
 */
public final class RefreshCeiling {

    private static final int UNDER_WAY = 64;
    private static final int BATCH = 32;
    private static final int CONNECTIONS = 8;
    private static final String CLAIM = """
            with picked as (
                select id from bench_session where registration = 'test' and status = 'ACTIVE' and failures = 0 and refresh_due_at <= now()
                order by refresh_due_at limit %d for update skip locked)
            update bench_session s set attempt_id = gen_random_uuid(), lease_until = now() + interval '20 seconds',
                sent_at = now(), sent_version = rt_version, refresh_due_at = null
            from picked where s.id = picked.id
            returning s.id, s.rt_version
            """.formatted(BATCH);
    private static final String STORE = """
            update bench_session set rt_version = rt_version + 1, refresh_token = ?, access_token = ?, sent_version = null,
                sent_at = null, lease_until = null, access_token_obtained_at = now(), refreshed_at = now(),
                access_token_expires_at = now() + interval '1 day', refresh_due_at = now() + interval '1 day'
            where id = ? and rt_version = ?
            """;

    private final URI endpoint;
    private final HttpClient client;
    private final Semaphore free = new Semaphore(UNDER_WAY);
    private final ConcurrentLinkedQueue<Connection> connections = new ConcurrentLinkedQueue<>();
    private final ExecutorService database = Executors.newFixedThreadPool(CONNECTIONS);

    private record Claimed(String id, long version) {}

    private RefreshCeiling(URI endpoint) {
        this.endpoint = endpoint;
        this.client = Vertx.vertx()
                .createHttpClient(
                        new HttpClientOptions().setKeepAlive(true), new PoolOptions().setHttp1MaxSize(UNDER_WAY));
    }

    /** Until nothing is due, and again when something is; for as long as its process lives. */
    public static void main(String[] arguments) throws Exception {
        var ceiling = new RefreshCeiling(URI.create(arguments[0]));
        for (int i = 0; i <= CONNECTIONS; i++) {
            ceiling.connections.add(DriverManager.getConnection(arguments[1], arguments[2], arguments[3]));
        }
        System.out.println("Ready on 0");
        ceiling.run();
    }

    private void run() throws Exception {
        Connection claiming = connections.poll();
        while (true) {
            free.acquire(BATCH);
            List<Claimed> claimed = claim(claiming);
            free.release(BATCH - claimed.size());
            if (claimed.isEmpty()) {
                Thread.sleep(50);
            }
            claimed.forEach(this::send);
        }
    }

    private static List<Claimed> claim(Connection connection) throws SQLException {
        var claimed = new ArrayList<Claimed>();
        try (PreparedStatement statement = connection.prepareStatement(CLAIM);
                ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                claimed.add(new Claimed(rows.getString(1), rows.getLong(2)));
            }
        }
        return claimed;
    }

    private void send(Claimed claimed) {
        client.request(HttpMethod.POST, endpoint.getPort(), endpoint.getHost(), endpoint.getPath())
                .compose(request -> request.putHeader("Content-Type", "application/x-www-form-urlencoded")
                        .putHeader("Authorization", "Basic YmVuY2g6YmVuY2gtYmVuY2gtYmVuY2gtYmVuY2g=")
                        .send("grant_type=refresh_token&refresh_token=" + "r".repeat(200)))
                .compose(answer -> answer.body())
                .onSuccess(body -> database.execute(() -> store(claimed, body)))
                .onFailure(failure -> {
                    failure.printStackTrace();
                    System.exit(1);
                });
    }

    private void store(Claimed claimed, Buffer body) {
        Connection connection = connections.poll();
        try (PreparedStatement statement = connection.prepareStatement(STORE)) {
            statement.setBytes(1, body.getBytes(0, 240));
            statement.setBytes(2, body.getBytes(0, 840));
            statement.setString(3, claimed.id());
            statement.setLong(4, claimed.version());
            statement.executeUpdate();
        } catch (SQLException e) {
            e.printStackTrace();
            System.exit(1);
        } finally {
            connections.add(connection);
            free.release();
        }
    }
}
