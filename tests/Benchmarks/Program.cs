using BenchmarkDotNet.Running;
using Trading.Benchmarks;
using Trading.Benchmarks.Cluster;
using Trading.Benchmarks.Dashboard;
using Trading.Benchmarks.Http;
using Trading.Benchmarks.Learning;
using Trading.Benchmarks.Load;

// dotnet run -c Release --project tests/Benchmarks -- http [words of a load] | http-auth | monitoring [rounds] |
// dashboard [positions] [seconds] | load | garbage | layers | fairness | saturation |
// soak [minutes] [rate] | memory [decisions] | journal | books | explain | data | risk |
// features [small] | inference [small] | training [small] | backtest [rounds] | cluster [events|deploy|forgets|partition|silos] | --filter '*TailRisk*'
switch (args)
{
    case ["echo", var port]:
        await EchoServer.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture));
        break;
    case ["echo", var port, "jwt"]:
        await EchoServer.RunAsync(int.Parse(port, System.Globalization.CultureInfo.InvariantCulture), isGuarded: true);
        break;
    case ["silo-open", .. var settings]:
        await Trading.Hosting.TradingHost.Build(settings, Trading.Hosting.ProcessRole.Silo, isGuarded: false).RunAsync();
        break;
    case ["http-auth"]:
        await AuthBenchmarks.RunAsync(Console.Out);
        break;
    case ["http", .. var words]:
        await HttpBenchmarks.RunAsync(Console.Out, words.FirstOrDefault());
        break;
    case ["load", .. var rest]:
        await LoadBenchmarks.RunAsync(Console.Out, rest);
        break;
    case ["layers", .. var rest]:
        await LayerBenchmarks.RunAsync(Console.Out, rest);
        break;
    case ["fairness", .. var rest]:
        await FairnessBenchmarks.RunAsync(Console.Out, rest);
        break;
    case ["saturation", .. var rest]:
        await SaturationBenchmarks.RunAsync(Console.Out, rest);
        break;
    case ["soak", .. var rest]:
        await SoakBenchmarks.RunAsync(Console.Out, rest);
        break;
    case ["memory", .. var rest]:
        await MemoryBenchmarks.RunAsync(Console.Out, rest);
        break;
    case ["garbage", .. var rest]:
        await GarbageBenchmarks.RunAsync(Console.Out, rest);
        break;
    case ["monitoring", .. var rest]:
        await MonitoringBenchmarks.RunAsync(Console.Out, rest);
        break;
    case ["dashboard", .. var rest]:
        await DashboardBenchmarks.RunAsync(Console.Out, rest);
        break;
    case ["risk"]:
        await RiskBenchmarks.RunAsync(Console.Out);
        break;
    case ["journal"]:
        await JournalBenchmarks.RunAsync(Console.Out);
        break;
    case ["data"]:
        await DataBenchmarks.RunAsync(Console.Out);
        break;
    case ["explain"]:
        await ExplainBenchmarks.RunAsync(Console.Out);
        break;
    case ["cluster", .. var part]:
        await ClusterBenchmarks.RunAsync(Console.Out, part.FirstOrDefault());
        break;
    case ["backtest", .. var rest]:
        BacktestBenchmarks.Run(rest);
        break;
    case ["features", .. var rest]:
        await FeatureBenchmarks.RunAsync(Console.Out, BenchmarkSize.Of(rest));
        break;
    case ["inference", .. var rest]:
        await InferenceBenchmarks.RunAsync(Console.Out, BenchmarkSize.Of(rest));
        break;
    case ["training", .. var rest]:
        await TrainingBenchmarks.RunAsync(Console.Out, BenchmarkSize.Of(rest));
        break;
    case ["books"]:
        await BookBenchmarks.RunAsync(Console.Out);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(HttpBenchmarks).Assembly).Run(args);
        break;
}
