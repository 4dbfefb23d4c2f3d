using Trading.Testing;

namespace Trading.Simulation.Tests;

public sealed class RestDetectorTests
{
    [Fact]
    public async Task ThoseWhoWait_GoOneAfterAnother_ByKindNameAndArrival()
    {
        using var rest = new RestDetector(() => null);
        List<string> gone = [];
        rest.HoldsCommits = true;
        Task[] waiting =
        [
            WaitAsync(Turn.Quiet, "test"), WaitAsync(Turn.Call, "b"), WaitAsync(Turn.Call, "a"),
            WaitAsync(Turn.Commit, "b"), WaitAsync(Turn.Commit, "a"),
        ];
        await waiting[0];
        gone.ShouldBe(["Call a", "Call b", "Quiet test"]);
        rest.HoldsCommits = false;
        await Task.WhenAll(waiting);
        gone[3..].ShouldBe(["Commit a", "Commit b"]);

        async Task WaitAsync(Turn turn, string name)
        {
            await rest.WaitAsync(turn, name);
            gone.Add($"{turn} {name}");
        }
    }

    [Fact]
    public async Task Quiet_WaitsForWhatIsUnderWay_AndStandstillDoesNot()
    {
        var calls = new PendingWork();
        calls.Begin();
        using var rest = new RestDetector(() => calls.Count == 0 ? null : "a call");
        var quiet = rest.WaitAsync(Turn.Quiet);
        await rest.WaitAsync(Turn.Standstill);
        quiet.IsCompleted.ShouldBeFalse();
        calls.End();
        await quiet;
    }

    [Fact]
    public async Task Rest_ComesAfterWhatRunsInThePool()
    {
        using var rest = new RestDetector(() => null);
        await rest.WaitAsync(Turn.Standstill);
        var work = Task.Run(Work);
        await rest.WaitAsync(Turn.Standstill);
        work.IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Rest_ComesAfterWhatRunsOnAThreadOfItsOwn()
    {
        using var rest = new RestDetector(() => null);
        await rest.WaitAsync(Turn.Standstill);
        var ended = false;
        rest.Elsewhere.Begin();
        new Thread(() =>
        {
            ended = Work();
            rest.Elsewhere.End();
        }).Start();
        await rest.WaitAsync(Turn.Standstill);
        ended.ShouldBeTrue();
    }

    /// <summary>Takes many times as long as a look.</summary>
    static bool Work()
    {
        for (var turns = 0; turns < 1_000; turns++) Thread.SpinWait(1_000);
        return true;
    }
}
