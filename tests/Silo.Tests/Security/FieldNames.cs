using System.Text.Json.Nodes;

namespace Trading.Silo.Tests;

/// <summary>An error names a field as the API document does: a parameter, or a member of the body by its path.</summary>
static class FieldNames
{
    /// <returns>Fields of a problem that the document of its operation does not have.</returns>
    public static IEnumerable<string> Unknown(JsonNode operation, JsonNode problem)
    {
        var parameters = operation["parameters"]?.AsArray().Select(parameter => parameter!["name"]!.GetValue<string>()).ToHashSet() ?? [];
        var schema = operation["requestBody"]?["content"]?.AsObject().First().Value!["schema"];
        return
        [
            .. from error in problem["errors"]?.AsArray() ?? []
               let rule = error["rule"]!.GetValue<string>()
               let field = error["field"]!.GetValue<string>()
               where error["line"] is null // a row of a file, whose columns are its own
               where rule is not ("unknown_member" or "unknown_parameter" or "unknown") && !parameters.Contains(field) && !IsOf(schema, field)
               select $"{field} {rule}",
        ];
    }

    /// <summary>Whether a path leads through the schema: members behind dots, places of an array in brackets; $ is the body, and file one
    /// that is rows.</summary>
    static bool IsOf(JsonNode? schema, string field)
    {
        if (field is "$" or "file" or "content-type") return true;
        foreach (var part in field.Replace("[", ".[", StringComparison.Ordinal).Split('.', StringSplitOptions.RemoveEmptyEntries))
        {
            if (schema is null) return false;
            if (part == "$") continue;
            if (part[0] == '[') schema = schema["items"];
            else if (schema["properties"]?[part] is { } member) schema = member;
            else return schema["properties"] is null || schema["additionalProperties"] is JsonObject; // what it holds is told elsewhere
        }

        return schema is not null;
    }
}
