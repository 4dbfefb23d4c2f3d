using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trading.Journal;
using Trading.MarketData;
using Trading.MarketData.Tests;
using Trading.Risk;
using Trading.Testing;

namespace Trading.Portfolios.Tests;

/// <summary>A silo with what books need. Journal, prices and clock are the test's: they outlive silos.</summary>
static class BookSilo
{
    public static Task<TestSilo> StartAsync(
        TimeProvider clock, IJournal journal, ISeriesScript prices,
        PortfolioOptions? portfolios = null, RiskOptions? risk = null, Action<IServiceCollection>? others = null) => TestSilo.StartAsync(
        services =>
        {
            services.AddSingleton(journal);
            services.AddSingleton<DecisionReplays>();
            services.AddSingleton<ISymbolFeeds>(new ScriptedFeeds(prices));
            services.AddSingleton(Options.Create(new MarketDataOptions()));
            services.AddSingleton(Options.Create(portfolios ?? new PortfolioOptions()));
            services.AddSingleton(Options.Create(risk ?? new RiskOptions()));
            others?.Invoke(services);
        },
        time: clock);
}
