using System.Text.Json;
using Trading.Risk;

namespace Trading.Api;

/// <summary>A change of the trading mode.</summary>
internal sealed class ModeBody
{
    public string? Portfolio { get; private set; }
    TradingMode _mode;
    string _by = "";
    string _reason = "";

    public static readonly Shape<ModeBody> Shape = new Shape<ModeBody>()
        .Required("mode", Kinds.OneOf(("active", TradingMode.Active), ("reducing", TradingMode.Reducing), ("halted", TradingMode.Halted)),
            (body, value) => body._mode = value, "In reducing and in halted mode only orders that close a position may trade.", "reducing")
        .Who((body, value) => body._by = value, "Who changes the mode.", "risk-desk")
        .Required("reason", Kinds.Text, (body, value) => body._reason = value, "Why.", "Earnings tonight")
        .Optional("portfolio", Kinds.PortfolioId, (body, value) => body.Portfolio = value, "The book; absent for the default one.");

    public ModeChange ToChange() => new(_mode, _by, _reason);
}

/// <summary>An emergency stop of a book or of the firm.</summary>
internal sealed class StopBody
{
    public string? Portfolio { get; private set; }
    public bool OfFirm { get; private set; }
    string _by = "";
    string _reason = "";
    bool _flatten;

    public static readonly Shape<StopBody> Shape = new Shape<StopBody>()
        .Who((body, value) => body._by = value, "Who stops trading.", "risk-desk")
        .Required("reason", Kinds.Text, (body, value) => body._reason = value, "Why.", "Runaway strategy")
        .Optional("flatten", Kinds.Flag, (body, value) => body._flatten = value, "True also closes every position; false where absent.", false)
        .Optional("scope", Scopes.Kind, (body, value) => body.OfFirm = value == StopScope.Firm, Scopes.Words)
        .Optional("portfolio", Kinds.PortfolioId, (body, value) => body.Portfolio = value, "The book; absent for the default one.")
        .Must(body => !body.OfFirm || body.Portfolio is null, "portfolio", "absent", Scopes.Contradiction);

    public StopCommand ToCommand() => new(_by, _reason, _flatten);
}

/// <summary>The end of an emergency stop.</summary>
internal sealed class ResumeBody
{
    public string? Portfolio { get; private set; }
    public bool OfFirm { get; private set; }
    string _by = "";
    string _reason = "";
    string? _secondPerson;

    public static readonly Shape<ResumeBody> Shape = new Shape<ResumeBody>()
        .Who((body, value) => body._by = value, "Who resumes trading.", "risk-desk")
        .Required("reason", Kinds.Text, (body, value) => body._reason = value, "Why.", "Strategy withdrawn, book reconciled")
        .SecondPerson((body, value) => body._secondPerson = value, "Who agrees; needed where the settings say so.", "head-of-risk")
        .Optional("scope", Scopes.Kind, (body, value) => body.OfFirm = value == StopScope.Firm, Scopes.Words)
        .Optional("portfolio", Kinds.PortfolioId, (body, value) => body.Portfolio = value, "The book; absent for the default one.")
        .Must(body => !body.OfFirm || body.Portfolio is null, "portfolio", "absent", Scopes.Contradiction);

    public Sanction ToSanction() => new(_by, _reason, _secondPerson);
}

/// <summary>The reset of a tripped breaker.</summary>
internal sealed class ResetBody
{
    public string? Portfolio { get; private set; }
    string _by = "";
    string _reason = "";
    string? _secondPerson;

    public static readonly Shape<ResetBody> Shape = new Shape<ResetBody>()
        .Who((body, value) => body._by = value, "Who resets the breaker.", "risk-desk")
        .Required("reason", Kinds.Text, (body, value) => body._reason = value, "Why.", "Loss understood and accepted")
        .SecondPerson((body, value) => body._secondPerson = value, "Who agrees; needed where the settings say so.", "head-of-risk")
        .Optional("portfolio", Kinds.PortfolioId, (body, value) => body.Portfolio = value, "The book; absent for the default one.");

    public Sanction ToSanction() => new(_by, _reason, _secondPerson);
}

/// <summary>The settings of one breaker.</summary>
internal sealed class BreakerBody
{
    double _trip;
    double _clear;
    double _cooling;
    double _halfOpen;
    double _cap;
    BreakerReset _reset;
    long _window;

    public static readonly Shape<BreakerBody> Shape = new Shape<BreakerBody>()
        .Required("trip", Kinds.Double, (body, value) => body._trip = value, "The breaker trips above this level.", 0.15)
        .Required("clear", Kinds.Double, (body, value) => body._clear = value, "It goes on at or below this one.", 0.10)
        .Required("cooling_seconds", Kinds.Double, (body, value) => body._cooling = value, "How long it cools at least.", 3600)
        .Required("half_open_seconds", Kinds.Double, (body, value) => body._halfOpen = value, "How long it is half open at least.", 3600)
        .Required("half_open_cap", Kinds.Double, (body, value) => body._cap = value,
            "The largest order while it is half open, as a share of max_order_notional.", 0.25)
        .Required("reset", Kinds.OneOf(("automatic", BreakerReset.Automatic), ("person", BreakerReset.Person), ("two_persons", BreakerReset.TwoPersons)),
            (body, value) => body._reset = value, "Who lets a tripped breaker go on.", "person")
        .Optional("window", Kinds.Whole, (body, value) => body._window = value,
            "Of error_rate in orders, of repeated_denials in seconds; zero or absent for the others.")
        .Must(body => body._window is >= 0 and <= int.MaxValue, "window", "range", "window must be a whole number from 0 to 2147483647.");

    public BreakerSettings ToSettings() => new(_trip, _clear, _cooling, _halfOpen, _cap, _reset, (int)_window);
}

/// <summary>The breakers that a change replaces; the others stay.</summary>
internal sealed class BreakersPatch
{
    readonly List<Func<Breakers, Breakers>> _changes = [];

    public Breakers ApplyTo(Breakers? breakers) => _changes.Aggregate(breakers ?? new(), (changed, change) => change(changed));

    public static readonly Shape<BreakersPatch> Shape = BreakerNames.All
        .Aggregate(new Shape<BreakersPatch>(), (shape, known) => shape.Removable(known.Code, BreakerBody.Shape,
            (patch, body) => patch._changes.Add(breakers => breakers.With(known.Name, body?.ToSettings())), "All settings of the breaker; null for no such breaker."))
        .Settable("second_person_to_resume", Kinds.Flag, (patch, value) => patch._changes.Add(breakers => breakers with { SecondPersonToResume = value }),
            "Whether a stopped book needs a second person to be resumed.");
}

/// <summary>The breakers as they are named in paths and bodies.</summary>
internal static class BreakerNames
{
    public static readonly (string Code, BreakerName Name)[] All = [.. Enum.GetValues<BreakerName>()
        .Select(name => (JsonNamingPolicy.SnakeCaseLower.ConvertName(name.ToString()), name))];

    static readonly string Words = string.Join(", ", All.Select(known => known.Code));

    public static readonly TextKind Kind = new($"one of {Words}", $"^({string.Join('|', All.Select(known => known.Code))})$", code => Find(code) is not null);

    public static BreakerName? Find(string? code) => All.Where(known => known.Code == code).Select(known => (BreakerName?)known.Name).FirstOrDefault();
}

file static class Scopes
{
    public const string Words = "firm for every book, and every one that is opened later; portfolio, or absent, for one book.";
    public const string Contradiction = "The firm is every book: portfolio must be absent.";

    public static readonly Kind<StopScope> Kind = Kinds.OneOf(("portfolio", StopScope.Portfolio), ("firm", StopScope.Firm));
}
