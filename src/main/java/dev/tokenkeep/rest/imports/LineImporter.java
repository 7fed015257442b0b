package dev.tokenkeep.rest.imports;

import dev.tokenkeep.audit.AuditTrail;
import dev.tokenkeep.lifecycle.SessionImporter;
import dev.tokenkeep.oauth.InvalidTokenResponse;
import dev.tokenkeep.problem.Problem;
import dev.tokenkeep.problem.ProblemException;
import dev.tokenkeep.problem.ProblemMapper;
import dev.tokenkeep.problem.ProblemType;
import dev.tokenkeep.rest.CallerSessions;
import dev.tokenkeep.rest.NewSession;
import dev.tokenkeep.rest.imports.BodyLines.Line;
import dev.tokenkeep.rest.request.CallDetails;
import dev.tokenkeep.rest.request.CurrentCall;
import dev.tokenkeep.session.RegistrationResult;
import dev.tokenkeep.session.RegistrationResult.Existing;
import dev.tokenkeep.session.RegistrationResult.KeptElsewhere;
import dev.tokenkeep.session.RegistrationResult.Stored;
import dev.tokenkeep.session.Session;
import dev.tokenkeep.time.Ticker;
import io.quarkus.arc.properties.IfBuildProperty;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Registers the sessions of some lines, all of one caller. A line that is refused does not affect the others. */
@Singleton
@IfBuildProperty(name = "tokenkeep.api.enabled", stringValue = "true", enableIfMissing = true)
class LineImporter {

    static final String OPERATION = "importSessions";

    private final CallerSessions own;
    private final SessionImporter importer;
    private final CurrentCall call;
    private final AuditTrail audit;
    private final Ticker ticker;

    LineImporter(CallerSessions own, SessionImporter importer, CurrentCall call, AuditTrail audit, Ticker ticker) {
        this.own = own;
        this.importer = importer;
        this.call = call;
        this.audit = audit;
        this.ticker = ticker;
    }

    private record Read(long line, NewSession session) {}

    /**
     * What became of some lines, in their order.
     *
     * @param failure why there are no more; null if that is all
     */
    record Registered(List<ImportedLine> lines, @Nullable RuntimeException failure) {}

    /** Registers the sessions. Lines of one registration may be done although those of another fail. */
    Registered register(List<Line> lines) {
        long startNanos = ticker.nanos();
        var done = new ArrayList<ImportedLine>();
        Map<String, List<Read>> byRegistration = new LinkedHashMap<>();
        for (Line line : lines) {
            try {
                NewSession session = read(line);
                byRegistration
                        .computeIfAbsent(session.registration(), name -> new ArrayList<>())
                        .add(new Read(line.number(), session));
            } catch (ProblemException | InvalidTokenResponse e) {
                done.add(ImportedLine.refused(line.number(), ProblemMapper.of(e, OPERATION)));
            }
        }
        RuntimeException failure = null;
        for (var one : byRegistration.entrySet()) {
            try {
                done.addAll(register(one.getKey(), one.getValue(), startNanos));
            } catch (RuntimeException e) {
                failure = e;
                break;
            }
        }
        done.sort(Comparator.comparingLong(ImportedLine::line));
        return new Registered(done, failure);
    }

    private NewSession read(Line line) {
        byte[] bytes = line.bytes();
        if (bytes == null) {
            throw ProblemMapper.lineTooLong().thrown();
        }
        NewSession session = NewSession.readLine(bytes);
        importer.check(own.usable(session.registration()), session.tokens());
        return session;
    }

    private List<ImportedLine> register(String registration, List<Read> sessions, long startNanos) {
        List<RegistrationResult> results = importer.register(
                registration,
                own.caller().name(),
                sessions.stream()
                        .map(Read::session)
                        .map(one -> new SessionImporter.NewSession(one.subject(), one.tokens()))
                        .toList());
        var done = new ArrayList<ImportedLine>();
        for (int at = 0; at < results.size(); at++) {
            done.add(done(sessions.get(at).line(), results.get(at), startNanos));
        }
        return done;
    }

    private ImportedLine done(long line, RegistrationResult result, long startNanos) {
        if (result instanceof KeptElsewhere elsewhere) {
            return ImportedLine.refused(line, Problem.of(ProblemType.REFRESH_TOKEN_ALREADY_KEPT, elsewhere.sentence()));
        }
        if (result instanceof Stored stored) {
            audit(stored.session(), startNanos);
            return ImportedLine.of(line, ImportResult.REGISTERED, stored.session());
        }
        return ImportedLine.of(line, ImportResult.KNOWN, ((Existing) result).session());
    }

    /** Every new session has its entry, as one that is registered alone. */
    private void audit(Session session, long startNanos) {
        var details = new CallDetails(call.requestId(), own.caller().name(), session, null, startNanos);
        audit.note(details.entry(OPERATION, 200, null, ticker.nanos()));
    }
}
