using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Simulation.Tests;

/// <summary>What persons, markets, clocks and machines do.</summary>
sealed partial class Schedule
{
    static readonly Sanction Agreed = new("olga", "checked", "pavel");

    readonly Dictionary<string, decimal> _granted = [];

    async Task BeginAsync()
    {
        await _world.StartSiloAsync();
        await AskAsync(grains => grains.GetGrain<IRiskBudgetGrain>(GrainKeys.FirmBudget).SetLimitsAsync(new(400_000, 300_000, 40_000), "olga", "begin"));
        await AskAsync(grains => grains.GetGrain<IRiskBudgetGrain>("desk/one").SetLimitsAsync(new(200_000, 150_000, 20_000), "olga", "begin"));
        foreach (var name in Names)
        {
            var terms = new PortfolioTerms("USD", name == "gamma" ? 250_000 : 100_000, AllowShort: name is "gamma" or "delta");
            (await AskAsync(grains => grains.GetGrain<IPortfolioGrain>(name).CreateAsync(terms))).IsDone.ShouldBeTrue();
            if (name != "delta")
                (await AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).AssignAsync(new(name == "gamma" ? "firm" : "desk/one", "olga", "begin")))).IsDone.ShouldBeTrue();
            await SetLimitsAsync(name);
        }

        await _world.SettleAsync();
        await _audit.ReadAsync();
    }

    Task AdvanceAsync() => _world.AdvanceAsync(TimeSpan.FromSeconds(Chance(3) ? 3_000 : Chance(10) ? Between(60, 400) : Between(0.5, 40)));

    async Task PricesAsync()
    {
        _world.Market.Tick(newSession: Chance(10));
        if (Chance(70)) await _world.AdvanceAsync(TimeSpan.FromSeconds(Between(5, 25)));
    }

    Task DisturbAsync()
    {
        Note("  " + _world.Market.Disturb());
        return Task.CompletedTask;
    }

    Task LimitsAsync() => SetLimitsAsync(Any(Names));

    async Task SetLimitsAsync(string name)
    {
        var limits = new RiskLimits
        {
            MaxOrderNotional = _random.Next(3_000, 30_000), MaxPositionWeight = Maybe(0.1, 0.6), MaxGrossExposure = Maybe(0.4, 2), MaxNetExposure = Maybe(0.3, 1.5),
            MaxSectorExposure = Maybe(0.3, 1.2), MaxValueAtRisk95 = Maybe(0.005, 0.05), MaxExpectedShortfall975 = Maybe(0.01, 0.08), MinCash = Chance(70) ? _random.Next(0, 30_000) : null,
            MaxPriceAgeSeconds = Maybe(60, 600), ReservationSeconds = Math.Round(Between(20, 400)), CorrelationThreshold = Chance(30) ? 0.7 : null,
            PreventSelfMatch = Chance(50), MaxMessages = Chance(10) ? 5 : null, DuplicateWindowSeconds = Chance(20) ? 10 : null, MaxDrawdown = Maybe(0.1, 0.4),
            RestrictedSymbols = Chance(15) ? ["BB"] : [], Breakers = Chance(60) ? Breakers.Default with { RepeatedDenials = new(12, 4, 30, 30, 0.5, BreakerReset.Person, 60) } : null,
        };
        var before = await AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).GetLimitsAsync());
        await AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).UpdateLimitsAsync(new(limits, "olga", "as the day goes", before.Current.Version)));
        var after = await AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).GetLimitsAsync());
        Ensure.That(after.Current.Version == before.Current.Version + 1 && after.Current.Limits == limits, $"{name}: limits were set, and others are in force");

        double? Maybe(double least, double most) => Chance(75) ? Math.Round(Between(least, most), 4) : null;
    }

    async Task OverrideAsync()
    {
        var name = Any(Names);
        var set = (await AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).GetLimitsAsync())).Current;
        var changed = set.Limits with { MaxGrossExposure = Math.Round(Between(0.2, 2.5), 3), MaxOrderNotional = Chance(50) ? _random.Next(2_000, 40_000) : set.Limits.MaxOrderNotional };
        var request = new OverrideRequest(changed, "olga", "pavel", "for a while", Math.Round(Between(1, 12), 1), set.Version);
        await AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).OverrideAsync(request));
    }

    async Task ModeAsync()
    {
        var (name, mode) = (Any(Names), Any(Enum.GetValues<TradingMode>()));
        if (Chance(50)) mode = TradingMode.Active;
        var answer = await AskAsync(grains => grains.GetGrain<IPortfolioGrain>(name).SetModeAsync(new(mode, "olga", "as the day goes")));
        await _audit.ReadAsync();
        var shown = _audit.Books[name];
        Ensure.That(answer.IsDone ? shown.Mode == SnakeCase(mode) : shown.Stops.Count > 0, $"{name}: the mode {mode} was set, {shown.Mode} is recorded");
    }

    async Task StopAsync()
    {
        var name = Any(Names);
        var answer = await AskAsync(grains => grains.GetGrain<IPortfolioGrain>(name).StopAsync(new("olga", "alarm", Flatten: false)));
        await _audit.ReadAsync();
        Ensure.That(answer.IsDone && _audit.Books[name] is { Stops.Count: > 0, Reservations.Count: 0 }, $"{name} was stopped, and is not, or holds approvals");
    }

    async Task ResumeAsync()
    {
        foreach (var name in Names)
        {
            await AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).ResumeAsync(Agreed));
            await AskAsync(grains => grains.GetGrain<IPortfolioGrain>(name).SetModeAsync(new(TradingMode.Active, "olga", "go on")));
        }

        await _audit.ReadAsync();
        foreach (var book in _audit.Books.Values) Ensure.That(!book.Stops.Contains("portfolio"), $"{book.Name} was resumed, and is still stopped");
    }

    /// <summary>The firm is stopped; a moment later nothing is open anywhere; then it is resumed.</summary>
    async Task FirmAsync()
    {
        await AskAsync(grains => grains.GetGrain<IFirmGrain>(GrainKeys.Firm).StopAsync(new("olga", "alarm", Flatten: false)));
        _world.Journal.Disarm();
        await _world.AdvanceAsync(TimeSpan.FromSeconds(6));
        await _audit.ReadAsync();
        foreach (var book in _audit.Books.Values)
            Ensure.That(book.Stops.Contains("firm") && book.Reservations.Count == 0, $"{book.Name} does not follow the firm's stop");
        for (var signals = 0; signals < 3; signals++) await SignalAsync();
        if (Chance(30)) await RestartAsync();
        await AskAsync(grains => grains.GetGrain<IFirmGrain>(GrainKeys.Firm).ResumeAsync(Agreed));
        await _world.AdvanceAsync(TimeSpan.FromSeconds(6));
        await _audit.ReadAsync();
        foreach (var book in _audit.Books.Values) Ensure.That(!book.Stops.Contains("firm"), $"{book.Name} does not follow the firm's resumption");
    }

    async Task ResetAsync()
    {
        var (name, breaker) = (Any(Names), Any(Enum.GetValues<BreakerName>()));
        await AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).ResetBreakerAsync(breaker, Agreed));
    }

    async Task BudgetAsync()
    {
        var node = Any([GrainKeys.FirmBudget, "desk/one"]);
        var gross = (decimal)_random.Next(50_000, 500_000);
        await AskAsync(grains => grains.GetGrain<IRiskBudgetGrain>(node).SetLimitsAsync(new(gross, gross * 0.8m, gross * 0.1m), "olga", "as the day goes"));
    }

    /// <summary>What books hold of a node's budget is at most what it may hand out; where that was lowered, it does not grow.</summary>
    async Task CheckBudgetsAsync()
    {
        foreach (var node in new[] { GrainKeys.FirmBudget, "desk/one" })
        {
            var report = await AskAsync(grains => grains.GetGrain<IRiskBudgetGrain>(node).GetReportAsync());
            var granted = report.Granted.Gross ?? 0;
            Ensure.That(granted <= Math.Max(report.Capacity.Gross ?? decimal.MaxValue, _granted.GetValueOrDefault(node, decimal.MaxValue)),
                $"{node} has handed out {granted} of {report.Capacity.Gross}");
            _granted[node] = granted;
            var held = _audit.Books.Values.Where(book => BookModel.Text(book.Budget, "node") == node)
                .Sum(book => BookModel.Number(book.Budget.GetProperty("amounts"), "gross_exposure") ?? 0);
            Ensure.That(held <= granted, $"the books of {node} hold {held}, and {granted} was granted");
        }
    }

    /// <summary>A grain that nobody has asked for a while is put away.</summary>
    async Task IdleAsync()
    {
        if (_world.Activations is not { Count: > 0 } some) return;
        var activation = Any(some);
        Note($"  {activation.GrainId}");
        await _world.EndAsync(activation);
    }

    async Task RestartAsync()
    {
        await _world.StopSiloAsync();
        await _world.StartSiloAsync();
        if (Chance(50)) await _world.AdvanceAsync(TimeSpan.FromSeconds(20));
    }

    /// <summary>A second silo that does not know of the first: every book has two activations, and whoever is later loads again.</summary>
    async Task TwoSilosAsync()
    {
        await _world.StartSiloAsync();
        for (var calls = _random.Next(3, 12); calls > 0; calls--)
        {
            _silo = _random.Next(2);
            await (_random.Next(4) switch
            {
                0 => FillAsync(),
                1 => ReleaseAsync(),
                2 => RepeatAsync(),
                _ => SignalAsync(),
            });
            await _world.SettleAsync();
            await _audit.ReadAsync();
        }

        _silo = 0;
        await _world.StopSiloAsync();
        foreach (var name in Names) // what is written tells an activation that it is out of date
            await AskAsync(grains => grains.GetGrain<IPortfolioGrain>(name).TransferAsync(new(NextId("w"), 0.01m)));
    }

    static string SnakeCase<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());
}
