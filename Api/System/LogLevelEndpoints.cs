using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Trading.Api;

/// <param name="Level">Of whatever has no level of its own.</param>
/// <param name="Areas">Levels by area, where they differ.</param>
/// <param name="Known">The areas that can have one.</param>
public sealed record LogLevelsAnswer(string Level, ImmutableSortedDictionary<string, string> Areas, ImmutableArray<string> Known);

/// <summary>The levels of the log of this process.</summary>
internal static partial class LogLevelEndpoints
{
    public static void MapLogLevels(this IEndpointRouteBuilder api)
    {
        var system = api.MapGroup("/api/system/log-level").WithTags("System").Answers(400, 500);
        system.MapGet("", Get).Produces<LogLevelsAnswer>().WithSummary("What the log of this process takes, by area.");
        system.MapPost("", SetAsync).Takes(LogLevelBody.Shape).Produces<LogLevelsAnswer>()
            .WithSummary("Changes what the log of this process takes, at once and until its next start.");
    }

    static Answer<LogLevelsAnswer> Get(LogLevels levels) => Describe(levels);

    static async Task<Answer<LogLevelsAnswer>> SetAsync(HttpRequest request, LogLevels levels, ILogger<LogLevels> log)
    {
        var (body, problem) = await request.ReadAsync(LogLevelBody.Shape);
        if (problem is not null) return problem;
        levels.Set(body.Area, body.Level);
        LogChange(log, body.Area ?? "all areas", body.Level, body.By, body.Reason);
        return Describe(levels);
    }

    static LogLevelsAnswer Describe(LogLevels levels) => new(
        Word(levels.Level), levels.Areas.ToImmutableSortedDictionary(area => area.Key, area => Word(area.Value)), [.. LogLevels.Categories.Keys]);

    [SuppressMessage("Globalization", "CA1308", Justification = "A fixed word in the API's own spelling.")]
    public static string Word(LogLevel level) => level.ToString().ToLowerInvariant();

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log level of {Area} is {Level} now, by {By}: {Reason}")]
    static partial void LogChange(ILogger log, string area, LogLevel? level, string by, string reason);
}

/// <summary>A level for all, or for one area.</summary>
internal sealed class LogLevelBody
{
    public string? Area { get; private set; }
    public LogLevel? Level { get; private set; }
    public string By { get; private set; } = "";
    public string Reason { get; private set; } = "";

    static readonly Kind<LogLevel> Kind = Kinds.OneOf(
        [.. Enum.GetValues<LogLevel>().Select(level => (LogLevelEndpoints.Word(level), level))]);

    public static readonly Shape<LogLevelBody> Shape = new Shape<LogLevelBody>()
        .Optional("level", Kind, (body, value) => body.Level = value, "Null lets an area follow the rest again.", "debug")
        .Optional("area", Kinds.OneOf([.. LogLevels.Categories.Keys.Select(area => (area, area))]), (body, value) => body.Area = value, "Absent for all.", "risk")
        .Who((body, value) => body.By = value, "Who changes it.", "ops", Kinds.Words)
        .Required("reason", Kinds.Words, (body, value) => body.Reason = value, "Why.", "Looking into slow fills")
        .Must(body => body.Area is not null || body.Level is not null, "level", "required", "level is required where no area is named.");
}
