using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Cloning;
using Trading.MarketData;

namespace Trading;

/// <summary>Messages that are types of a library, which knows nothing of Orleans. Between processes they are JSON; within one they are
/// handed on as they are, since nobody can change them.</summary>
public static class LibraryMessages
{
    static readonly JsonSerializerOptions Wire = new()
    {
        Converters = { new DefaultArrayConverterFactory() },
        IgnoreReadOnlyProperties = true, // what a message computes it computes again
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals, // a wire carries what it is given
    };

    /// <summary>Every silo and every client needs it.</summary>
    public static ISerializerBuilder AddLibraryMessages(this ISerializerBuilder serializer)
    {
        serializer.Services.AddSingleton<IGeneralizedCopier, AsItIs>();
        return serializer.AddJsonSerializer(IsMessage, isCopyable: _ => false, options => options.Configure(json => json.SerializerOptions = Wire));
    }

    static bool IsMessage(Type type) => type.Assembly == typeof(Bar).Assembly;

    /// <summary>Copies nothing: a copy of a series of prices for each hop would cost more than the answer.</summary>
    sealed class AsItIs : IGeneralizedCopier, IOptionalDeepCopier
    {
        public bool IsSupportedType(Type type) => IsMessage(type);

        public bool IsShallowCopyable() => true;

        public object? DeepCopy(object? input, CopyContext context) => input;
    }
}

/// <summary>An immutable array in JSON, <c>null</c> where it was never set, which the framework's own converter refuses to write.</summary>
sealed class DefaultArrayConverterFactory : JsonConverterFactory
{
    public override bool CanConvert(Type typeToConvert) =>
        typeToConvert.IsGenericType && typeToConvert.GetGenericTypeDefinition() == typeof(ImmutableArray<>);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert.GetGenericArguments()))!;

    sealed class Converter<T> : JsonConverter<ImmutableArray<T>>
    {
        public override bool HandleNull => true;

        public override ImmutableArray<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            ImmutableCollectionsMarshal.AsImmutableArray(JsonSerializer.Deserialize<T[]>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, ImmutableArray<T> value, JsonSerializerOptions options) =>
            JsonSerializer.Serialize(writer, ImmutableCollectionsMarshal.AsArray(value), options);
    }
}
