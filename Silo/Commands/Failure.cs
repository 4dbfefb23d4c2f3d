using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;
using Trading.Configuration;
using Trading.Backtests;
using Trading.Hosting;
using Trading.Journal;
using Trading.MarketData;
using Trading.Secrets;
using Trading.Stores;

namespace Trading.Commands;

/// <summary>How a command ends that could not do its work: the reasons on standard error, and an exit code that tells their
/// kind.</summary>
static class Failure
{
    /// <summary>The work could not be done.</summary>
    public const int Failed = 1;

    /// <summary>The configuration or an input file is wrong; nothing was started.</summary>
    public const int Misconfigured = 2;

    /// <summary>The store is in use, is no store, or does not answer.</summary>
    public const int NoStore = 3;

    /// <summary>Another program listens at the address.</summary>
    public const int AddressInUse = 4;

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

    internal static (int Code, string Message)? Explain(Exception error) => error switch
    {
        SettingsException settings => (Misconfigured, string.Join(Environment.NewLine, settings.Report.Violations.Select(violation => violation.Message))),
        VaultException vault => (Misconfigured, vault.Message),
        OptionsValidationException invalid => (Misconfigured, string.Join(Environment.NewLine, invalid.Failures)),
        MarketDataFormatException format => (Misconfigured, format.Message),
        JournalUnavailableException journal => (NoStore, WithSetting(journal)),
        BacktestRefusedException refused => (Misconfigured, refused.Message),
        BacktestDataException data => (Misconfigured, data.Message),
        StrategyFailedException failed => (Failed, failed.Message),
        StrategyHungException hung => (Failed, hung.Message),
        BarStoreException bars => (NoStore, WithSetting(bars)),
        StoreRefusedException store => (NoStore, store.Message),
        StoreCopyException copy => (Failed, copy.Message),
        DatabaseRefusedException database => (NoStore, database.Message),
        RedisException redis => (NoStore, ClusterSetup.Explain(redis)),
        FileNotFoundException missing => (Misconfigured, missing.Message),
        DirectoryNotFoundException missing => (Misconfigured, missing.Message),
        UnauthorizedAccessException denied => (Misconfigured, denied.Message),
        HttpRequestException http => (Failed, $"No answer: {http.Message}"),
        IOException { InnerException: Microsoft.AspNetCore.Connections.AddressInUseException } taken => (AddressInUse, taken.Message),
        AggregateException { InnerExceptions: [var single] } => Explain(single),
        { InnerException: { } inner } => Explain(inner),
        _ => null,
    };

    /// <summary>Several parts open the database at once, and any may be the first to be refused.</summary>
    static string WithSetting(Exception refused) => refused.InnerException is NpgsqlException
        ? $"{refused.Message.TrimEnd('.')}. See store:connection_string."
        : refused.Message;
}
