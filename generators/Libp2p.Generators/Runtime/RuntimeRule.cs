namespace Libp2p.Generators.Runtime;

/// <summary>When a use of a member breaks a rule.</summary>
internal enum RuntimeRuleWhen
{
    Always,

    /// <summary>Where it takes a time and no <c>TimeProvider</c>.</summary>
    TimeWithoutClock,

    /// <summary>Where it takes no <c>TaskScheduler</c>.</summary>
    WithoutTaskScheduler,
}

/// <summary>Something that code which runs in a node does not use, because a simulation cannot replay it.</summary>
/// <param name="Id">The diagnostic.</param>
/// <param name="Type">The full name of the member's type, with its arity.</param>
/// <param name="Members">The members; constructors are <c>.ctor</c>, properties go by name. Empty: all.</param>
/// <param name="Instead">What takes its place.</param>
/// <param name="When">Which uses.</param>
/// <param name="Except">Members that are no matter of this rule, where it names none.</param>
internal sealed record RuntimeRule(string Id, string Type, string[] Members, string Instead, RuntimeRuleWhen When = RuntimeRuleWhen.Always, string[]? Except = null)
{
    /// <param name="type">The full name of the member's type.</param>
    /// <param name="member">The member, by its name in source or in metadata.</param>
    /// <param name="parameters">The full names of its parameters' types.</param>
    public bool Forbids(string type, string member, IReadOnlyList<string> parameters)
    {
        if (type != Type) return false;
        var name = member.StartsWith("get_", StringComparison.Ordinal) || member.StartsWith("set_", StringComparison.Ordinal) ? member.Substring(4) : member;
        if (Members.Length > 0 ? Array.IndexOf(Members, name) < 0 : Except is not null && Array.IndexOf(Except, name) >= 0) return false;
        return When switch
        {
            RuntimeRuleWhen.TimeWithoutClock => Takes(parameters, "System.TimeSpan", "System.Int32", "Int32") && !Takes(parameters, "System.TimeProvider"),
            RuntimeRuleWhen.WithoutTaskScheduler => !Takes(parameters, "System.Threading.Tasks.TaskScheduler"),
            _ => true,
        };
    }

    private static bool Takes(IReadOnlyList<string> parameters, params string[] types)
    {
        foreach (var parameter in parameters)
        {
            if (Array.IndexOf(types, parameter) >= 0) return true;
        }

        return false;
    }
}
