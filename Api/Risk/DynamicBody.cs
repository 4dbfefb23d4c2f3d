using Trading.Risk;

namespace Trading.Api;

/// <summary>The dynamic rules as a request brings them; one that is absent is none.</summary>
internal sealed class DynamicBody
{
    VolatilityBody? _volatility;
    TimeOfDayBody? _timeOfDay;
    DataQualityBody? _dataQuality;

    public static readonly Shape<DynamicBody> Shape = new Shape<DynamicBody>()
        .Optional("volatility", VolatilityBody.Shape, (body, value) => body._volatility = value, "Exposure limits times target over the book's EWMA volatility.")
        .Optional("time_of_day", TimeOfDayBody.Shape, (body, value) => body._timeOfDay = value, "A factor within a time window.")
        .Optional("data_quality", DataQualityBody.Shape, (body, value) => body._dataQuality = value, "A factor while prices of the book are old.");

    public DynamicLimits ToRules() => new(
        _volatility is { } volatility ? new(volatility.Target, volatility.Least, volatility.Most) : null,
        _timeOfDay is { } window ? new(window.From, window.To, window.TimeZone, window.Factor) : null,
        _dataQuality is { } quality ? new(quality.MaxAgeSeconds, quality.Factor) : null);
}

internal sealed class VolatilityBody
{
    public double Target { get; private set; }
    public double Least { get; private set; }
    public double Most { get; private set; }

    public static readonly Shape<VolatilityBody> Shape = new Shape<VolatilityBody>()
        .Required("target", Kinds.Double, (body, value) => body.Target = value, "Annualised volatility, as a fraction of equity.", 0.15)
        .Required("least", Kinds.Double, (body, value) => body.Least = value, "The smallest factor; it holds while the volatility is unknown.", 0.5)
        .Required("most", Kinds.Double, (body, value) => body.Most = value, "The largest factor.", 1.25);
}

internal sealed class TimeOfDayBody
{
    public string From { get; private set; } = "";
    public string To { get; private set; } = "";
    public string TimeZone { get; private set; } = "";
    public double Factor { get; private set; }

    public static readonly Shape<TimeOfDayBody> Shape = new Shape<TimeOfDayBody>()
        .Required("from", Kinds.Text, (body, value) => body.From = value, "The first minute of the window, HH:mm.", "15:30")
        .Required("to", Kinds.Text, (body, value) => body.To = value, "The minute at which it ends, HH:mm.", "16:00")
        .Required("time_zone", Kinds.Text, (body, value) => body.TimeZone = value, "The IANA name.", "America/New_York")
        .Required("factor", Kinds.Double, (body, value) => body.Factor = value, "Of every exposure and tail limit.", 0.5);
}

internal sealed class DataQualityBody
{
    public double MaxAgeSeconds { get; private set; }
    public double Factor { get; private set; }

    public static readonly Shape<DataQualityBody> Shape = new Shape<DataQualityBody>()
        .Required("max_age_seconds", Kinds.Double, (body, value) => body.MaxAgeSeconds = value, "The age of the oldest price from which the factor holds.", 120)
        .Required("factor", Kinds.Double, (body, value) => body.Factor = value, "Of every exposure and tail limit; at most 1.", 0.5);
}
