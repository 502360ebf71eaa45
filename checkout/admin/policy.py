"""Who may do what with orders in the admin: look. Money moves by explicit actions with permissions of their own."""

from wagtail.permission_policies import ModelPermissionPolicy

REFUSED = frozenset({"add", "change", "delete", "publish", "lock", "unlock"})


class InspectOnlyPolicy(ModelPermissionPolicy):
    """Nobody adds, changes or deletes, not even a superuser; other actions are asked of Django as usual."""

    def user_has_permission(self, user, action) -> bool:
        return action not in REFUSED and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions) -> bool:
        return any(self.user_has_permission(user, action) for action in actions)

    def users_with_any_permission(self, actions):
        return super().users_with_any_permission([action for action in actions if action not in REFUSED])
