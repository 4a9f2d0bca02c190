using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Libp2p;

/// <summary>Options that can tell what is wrong with them.</summary>
public interface IValidatableOptions
{
    /// <summary>One line a problem: the option, its value, what is allowed and what to do. Empty where all is well.</summary>
    IEnumerable<string> Validate();
}

/// <summary>Validation of options when a node starts.</summary>
public static class OptionsValidationExtensions
{
    /// <summary>Validates the options when the node starts; a problem stops this plugin (or, for the node's own options, the start) with an <see cref="OptionsValidationException"/>.</summary>
    public static OptionsBuilder<T> ValidateAtStart<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicParameterlessConstructor)] T>(this OptionsBuilder<T> builder) where T : class, IValidatableOptions
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.AddSingleton<IValidateOptions<T>>(new Validator<T>(builder.Name));
        return builder.ValidateOnStart();
    }

    private sealed class Validator<T>(string name) : IValidateOptions<T> where T : class, IValidatableOptions
    {
        public ValidateOptionsResult Validate(string? candidate, T options)
        {
            if (candidate != name) return ValidateOptionsResult.Skip;
            var problems = options.Validate().ToList();
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
