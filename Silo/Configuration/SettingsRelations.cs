using System.Net;
using Microsoft.Extensions.Options;
using Trading.Api;
using Trading.Hosting;
using Trading.MarketData;

namespace Trading.Configuration;

/// <summary>Rules between settings of several sections, and between settings and the environment.</summary>
static class SettingsRelations
{
    public static IEnumerable<SettingsViolation> Broken(IServiceProvider services, TradingEnvironment environment, bool hasMasterKey)
    {
        var facts = new Facts(services, environment, hasMasterKey);
        return OutsideDevelopment(facts).Concat(new[] { NoAddress(facts), TestnetInProduction(facts), MarketOutsideProduction(facts), SampleInProduction(facts), MemoryInProduction(facts), StoreOfACluster(facts) }
            .OfType<SettingsViolation>()).Concat(OpenAddresses(facts));
    }

    static SettingsViolation? NoAddress(Facts facts) => facts.Of<AddressOptions>()?.Addresses.Length == 0
        ? new("urls", "value", null, "urls is empty; it is the address of the API (http://127.0.0.1:8080).") : null;

    /// <summary>Tokens that others rely on are signed by keys that outlive the process.</summary>
    static IEnumerable<SettingsViolation> OutsideDevelopment(Facts facts)
    {
        if (facts.Environment != TradingEnvironment.Development && !facts.HasMasterKey)
            yield return new("vault:master_key_file", "relation", null,
                $"vault:master_key_file names no file, and {Secrets.MasterKeys.Variable} is not set: outside development the keys that sign tokens are in the vault. "
                + "Make a master key with: trading secrets init");
        if (facts.Of<AddressOptions>()?.Addresses.Any(IsTls) == true && facts.Of<EdgeOptions>() is { CertificateFile: null })
            yield return new("edge:certificate_file", "relation", null, "edge:certificate_file names no file, and urls has an https address.");
        if (facts.Of<EdgeOptions>() is { CertificateFile: { } file } edge && CertificateFile.Problem(file, edge.KeyFile, TimeProvider.System.GetUtcNow()) is { } problem)
            yield return new(problem.Split(' ')[0], "value", null, problem);
    }

    static bool IsTls(string url) => url.StartsWith("https:", StringComparison.OrdinalIgnoreCase);

    /// <summary>The sign-in of development is for one person at one machine.</summary>
    static IEnumerable<SettingsViolation> OpenAddresses(Facts facts) =>
        from url in facts.Of<AddressOptions>()?.Addresses ?? []
        let problem = !IsAddress(url) ? $"urls: '{Api.PlainText.Of(url)}' is no address; one is http://127.0.0.1:8080."
            : IsLoopback(url) ? null
            : facts.Environment == TradingEnvironment.Development
                ? $"urls: '{Api.PlainText.Of(url)}' is reachable from other machines; in development only loopback addresses are allowed (http://127.0.0.1:8080)."
            : !IsTls(url) && facts.Of<EdgeOptions>() is { BehindTls: false }
                ? $"urls: '{Api.PlainText.Of(url)}' is reachable from other machines without TLS; take https and edge:certificate_file, or say edge:behind_tls where a proxy ends TLS."
            : facts.Environment == TradingEnvironment.Production && facts.Of<EdgeOptions>() is { Allow.Length: 0 }
                ? $"urls: '{Api.PlainText.Of(url)}' is reachable from other machines, and edge:allow names no network; production names those that may ask." : null
        where problem is not null
        select new SettingsViolation("urls", "relation", url, problem);

    static SettingsViolation? TestnetInProduction(Facts facts) =>
        facts.Environment == TradingEnvironment.Production && facts.Of<BinanceOptions>()?.Testnet == true
            ? new("market_data:binance:testnet", "relation", "true",
                "market_data:binance:testnet is true in production: prices of a test network are no prices.") : null;

    static SettingsViolation? MarketOutsideProduction(Facts facts) =>
        facts.Environment == TradingEnvironment.Staging && facts.Of<BinanceOptions>()?.Testnet == false
            ? new("market_data:binance:testnet", "relation", "false",
                "market_data:binance:testnet is false in staging: staging asks the test network (true, or unset it where Binance is not asked).") : null;

    static SettingsViolation? SampleInProduction(Facts facts) =>
        facts.Environment == TradingEnvironment.Production && facts.Of<SampleBookOptions>()?.Path is { Length: > 0 } path
            ? new("portfolio:sample", "relation", path, "portfolio:sample opens a book of made-up positions, which production must not have; leave it empty.") : null;

    static SettingsViolation? MemoryInProduction(Facts facts) =>
        facts.Environment == TradingEnvironment.Production && facts.Of<StoreOptions>()?.Kind == "memory"
            ? new("store:kind", "relation", "memory", "store:kind is memory in production: nothing would survive the process; take sqlite or postgres.") : null;

    static SettingsViolation? StoreOfACluster(Facts facts) =>
        facts.Of<ClusteringOptions>()?.IsOn == true && facts.Of<StoreOptions>()?.Kind is { } kind and not "postgres"
            ? new("store:kind", "relation", kind,
                $"store:kind is '{kind}'; silos that share books need the same database: postgres.") : null;

    static bool IsAddress(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https";

    static bool IsLoopback(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && (uri.IsLoopback || (IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address)));

    /// <summary>Options as far as they are valid by themselves: what is not is named elsewhere.</summary>
    sealed record Facts(IServiceProvider Services, TradingEnvironment Environment, bool HasMasterKey)
    {
        public T? Of<T>() where T : class
        {
            try
            {
                return Services.GetRequiredService<IOptions<T>>().Value;
            }
            catch (OptionsValidationException)
            {
                return null;
            }
        }
    }
}
