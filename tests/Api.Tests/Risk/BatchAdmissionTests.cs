using Trading.Testing;

namespace Trading.Api.Tests;

public sealed class BatchAdmissionTests : IDisposable
{
    readonly ManualTimeProvider _clock = new();
    readonly BatchAdmission _batches;

    public BatchAdmissionTests() => _batches = new(_clock);

    public void Dispose() => _batches.Dispose();

    [Fact]
    public async Task SoManyOfABookAreUnderWay_AndTheOthersFollowInTheOrderOfComing()
    {
        var places = await FillAsync("one");
        var (fourth, fifth) = (Enter("one"), Enter("one"));
        fourth.IsCompleted.ShouldBeFalse();

        places[1].Dispose();
        using var place = await fourth;
        fifth.IsCompleted.ShouldBeFalse();
        places[0].Dispose();
        (await fifth).Dispose();
        places[2].Dispose();
    }

    [Fact]
    public async Task Books_DoNotWaitForEachOther()
    {
        await FillAsync("one");
        Enter("two").IsCompleted.ShouldBeTrue();
    }

    [Fact]
    public async Task Batch_WhoseCallerGivesUp_LeavesItsPlaceInTheQueue()
    {
        var places = await FillAsync("one");
        using var caller = new CancellationTokenSource();
        var abandoned = _batches.EnterAsync("one", caller.Token).AsTask();
        var next = Enter("one");

        await caller.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(abandoned);
        places[0].Dispose();
        (await next).Dispose();
    }

    [Fact]
    public async Task Batches_ThatAreNotAnswered_KeepOthersNoLongerThanTheirPatience()
    {
        var places = await FillAsync("one");
        var waiting = Enter("one");

        _clock.Advance(BatchAdmission.Patience);
        (await waiting).Dispose();
        Enter("one").IsCompleted.ShouldBeFalse("who went on without a place gives none back");
        foreach (var place in places) place.Dispose();
    }

    async Task<IDisposable[]> FillAsync(string book)
    {
        var places = new IDisposable[BatchAdmission.MaxPerBook];
        for (var n = 0; n < places.Length; n++) places[n] = await Enter(book);
        return places;
    }

    Task<IDisposable> Enter(string book) => _batches.EnterAsync(book, CancellationToken.None).AsTask();
}
