using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Trading.OrleansSemantics.Tests;

[GenerateSerializer, Alias("orleans-semantics.tests.notes")]
public sealed class Notes
{
    [Id(0)] public List<string> Lines { get; set; } = [];
}

[GenerateSerializer, Alias("orleans-semantics.tests.notes-view")]
public sealed record NotesView(
    [property: Id(0)] List<string> Lines,
    [property: Id(1)] string? Etag,
    [property: Id(2)] bool Exists,
    [property: Id(3)] Guid Activation);

public interface INotesGrain : IGrainWithStringKey
{
    Task<NotesView> ReadAsync();
    Task<NotesView> AddAsync(string line);
    Task EndAsync();
}

public sealed class NotesGrain([PersistentState("notes", "trading")] IPersistentState<Notes> notes) : Grain, INotesGrain
{
    readonly Guid _self = Guid.CreateVersion7();
    bool _loadedFirst;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _loadedFirst = notes.State is not null;
        return Task.CompletedTask;
    }

    public Task<NotesView> ReadAsync() => Task.FromResult(View());

    public async Task<NotesView> AddAsync(string line)
    {
        notes.State.Lines.Add(line);
        await notes.WriteStateAsync();
        return View();
    }

    public Task EndAsync()
    {
        DeactivateOnIdle();
        return Task.CompletedTask;
    }

    NotesView View() => new(notes.State.Lines, notes.Etag, _loadedFirst && notes.RecordExists, _self);
}

/// <summary>Of two activations of a grain that keeps its record as state, one is refused by the etag and reads
/// again.</summary>
[Collection(nameof(SharedSilo))]
public sealed class StateTests(SharedSilo silo)
{
    [Fact]
    public async Task State_outlives_the_activation()
    {
        var notes = silo.Grains.GetGrain<INotesGrain>("outlives");
        var written = await notes.AddAsync("first");
        await notes.EndAsync();
        var read = await notes.ReadAsync();
        read.Lines.ShouldBe(["first"]);
        read.Exists.ShouldBeTrue();
        read.Etag.ShouldBe(written.Etag);
        read.Activation.ShouldNotBe(written.Activation);
    }

    [Fact]
    public async Task State_that_was_never_written_does_not_exist_and_is_not_null()
    {
        var read = await silo.Grains.GetGrain<INotesGrain>("never written").ReadAsync();
        read.Exists.ShouldBeFalse();
        read.Etag.ShouldBeNull();
        read.Lines.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_write_changes_the_etag()
    {
        var notes = silo.Grains.GetGrain<INotesGrain>("etags");
        var first = await notes.AddAsync("one");
        (await notes.AddAsync("two")).Etag.ShouldNotBe(first.Etag);
    }

    [Fact]
    public async Task A_stale_write_throws_and_the_activation_goes()
    {
        var notes = silo.Grains.GetGrain<INotesGrain>("stale");
        var mine = await notes.AddAsync("mine");
        await OverwriteAsync(notes.GetGrainId(), "theirs");
        await Should.ThrowAsync<InconsistentStateException>(() => notes.AddAsync("mine again"));
        var after = await notes.ReadAsync();
        after.Activation.ShouldNotBe(mine.Activation);
        after.Lines.ShouldBe(["theirs"]);
        (await notes.AddAsync("mine at last")).Lines.ShouldBe(["theirs", "mine at last"]);
    }

    /// <summary>Writes as a second activation would.</summary>
    async Task OverwriteAsync(GrainId grain, string line)
    {
        var storage = silo.Silo.Services.GetRequiredKeyedService<IGrainStorage>("trading");
        var state = new GrainState<Notes>();
        await storage.ReadStateAsync("notes", grain, state);
        state.State = new() { Lines = [line] };
        await storage.WriteStateAsync("notes", grain, state);
    }
}
