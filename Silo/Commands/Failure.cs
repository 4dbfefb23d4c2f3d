using Microsoft.Extensions.Options;
using Trading.Hosting;
using Trading.Journal;
using Trading.MarketData;

namespace Trading.Commands;

/// <summary>How a command ends that could not do its work: the reasons on standard error, and an exit code.</summary>
static class Failure
{
    /// <summary>The work could not be done.</summary>
    public const int Failed = 1;

    /// <summary>The configuration or an input file is wrong; nothing was started.</summary>
    public const int Misconfigured = 2;

    /// <summary>Runs a command and turns the failures that a user can mend into a message; anything else is a defect and is thrown.</summary>
    public static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception error) when (Explain(error) is var (code, message))
        {
            await Console.Error.WriteLineAsync(message);
            return code;
        }
    }

    static (int Code, string Message)? Explain(Exception error) => error switch
    {
        OptionsValidationException invalid => (Misconfigured, string.Join(Environment.NewLine, invalid.Failures)),
        MarketDataFormatException format => (Misconfigured, format.Message),
        JournalUnavailableException journal => (Failed, journal.Message),
        BarStoreException bars => (Failed, bars.Message),
        StoreRefusedException store => (Failed, store.Message),
        FileNotFoundException missing => (Misconfigured, missing.Message),
        DirectoryNotFoundException missing => (Misconfigured, missing.Message),
        HttpRequestException http => (Failed, $"No answer: {http.Message}"),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } taken => (Failed, taken.Message),
        AggregateException { InnerExceptions: [var single] } => Explain(single),
        { InnerException: { } inner } => Explain(inner),
        _ => null,
    };
}
