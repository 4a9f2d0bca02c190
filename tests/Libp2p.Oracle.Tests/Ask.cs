using System.Text.Json;

namespace Libp2p.Oracle.Tests;

/// <summary>Puts one question and reads the answer.</summary>
internal static class Ask
{
    public static JsonElement Any(string question) => JsonDocument.Parse(OracleProgram.Answer(question)).RootElement;

    /// <summary>An answer that must be no refusal.</summary>
    public static JsonElement Ok(string question)
    {
        var answer = Any(question);
        answer.GetProperty("ok").GetBoolean().ShouldBeTrue($"{question} -> {answer}");
        return answer;
    }

    /// <summary>The reason of an answer that must be a refusal, and one the library documents.</summary>
    public static string Refused(string question)
    {
        var answer = Any(question);
        answer.GetProperty("ok").GetBoolean().ShouldBeFalse($"{question} -> {answer}");
        var error = answer.Text("error");
        error.ShouldNotBeNullOrEmpty();
        error.ShouldNotStartWith("unexpected ");
        return error;
    }

    public static string Text(this JsonElement answer, string name) => answer.GetProperty(name).GetString()!;

    public static string[] Texts(this JsonElement answer, string name) => [.. answer.GetProperty(name).EnumerateArray().Select(item => item.GetString()!)];

    public static JsonElement Vectors(string path) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "vectors", path))).RootElement;
}
